#include "tool/invoke.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "audit/call_log.hpp"
#include "auth/authenticator.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/wait.hpp"
#include "crypto/digest.hpp"
#include "tool/argument_digest.hpp"
#include "tool/decoy_watch.hpp"
#include "tool/idempotency.hpp"

namespace tool {
namespace {

constexpr const char* key_name = "idempotency_key";
constexpr std::chrono::seconds longest_outage{5};
constexpr std::chrono::milliseconds note_pause{200};

std::string digest_of(const Tool& tool, const json& arguments) {
    if (tool.secret_arguments.empty()) return crypto::sha256(schema::canonical(arguments));
    json shown = arguments;
    for (const auto& name : tool.secret_arguments) shown.erase(name);
    return crypto::sha256(schema::canonical(shown));
}

/// Of all arguments: the same key with another secret is another call.
std::string whole_digest_of(const Tool& tool, const json& arguments, const Call& call) {
    if (tool.secret_arguments.empty()) return digest_of(tool, arguments);
    if (call.digest() == nullptr) throw std::logic_error{tool.name + " takes secrets and has no key"};
    return call.digest()->of(arguments);
}

/// Writes one line of the audit log, however the call ends.
class Recorder {
public:
    Recorder(const Tool& tool, const json& arguments, Call& call, Channel channel)
        : call_{call},
          may_wait_{tool.effect.read_only && !tool.reveals_secret},
          started_{std::chrono::steady_clock::now()},
          record_{
              .id = base::Uuid::create(),
              .workspace = call.principal().workspace,
              .credential = call.principal().credential,
              .user = call.principal().user,
              .client = call.principal().client,
              .at = base::Clock::now(),
              .channel = channel == Channel::mcp ? "mcp" : "rest",
              .tool = tool.name,
              .outcome = {},
              .arguments_sha256 = digest_of(tool, arguments),
              .result_sha256 = {},
          } {}

    void record(std::string outcome, std::string_view result) {
        record_digest(std::move(outcome), crypto::sha256(result));
    }

    void record_digest(std::string outcome, std::string result_sha256) {
        const auto duration = std::chrono::steady_clock::now() - started_;
        record_.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
        record_.outcome = std::move(outcome);
        record_.result_sha256 = std::move(result_sha256);
        if (may_wait_) {
            call_.call_log().record_later(std::move(record_));
        } else if (call_.is_safe()) {
            call_.call_log().record_soon(std::move(record_));
        } else {
            call_.call_log().record(record_);
        }
    }

private:
    Call& call_;
    bool may_wait_;
    std::chrono::steady_clock::time_point started_;
    audit::CallRecord record_;
};

std::optional<IdempotencyKey> take_key(const Tool& tool, json& arguments, const Call& call) {
    if (!arguments.is_object() || !arguments.contains(key_name)) return std::nullopt;
    if (tool.reveals_secret && !tool.effect.read_only) {
        throw base::Error{
            base::Reason::invalid_input, "invalid_arguments",
            "idempotency_key: not taken here, because the result holds a secret that is not kept"};
    }
    const json value = std::move(arguments[key_name]);
    arguments.erase(key_name);
    const auto key =
        value.is_string() ? base::Uuid::parse(value.get_ref<const std::string&>()) : std::nullopt;
    if (!key) {
        throw base::Error{base::Reason::invalid_input, "invalid_arguments",
                          "idempotency_key: expected a UUID"};
    }
    return IdempotencyKey{
        .credential = call.principal().credential.uuid(),
        .tool = tool.name,
        .key = *key,
        .arguments_digest = whole_digest_of(tool, arguments, call),
    };
}

/// Refusals that come before anything outside could have changed; others are first results like any.
bool changed_nothing(base::Reason reason) {
    switch (reason) {
        case base::Reason::invalid_input:
        case base::Reason::unauthenticated:
        case base::Reason::forbidden:
        case base::Reason::insufficient_scope:
        case base::Reason::not_found:
        case base::Reason::conflict:
        case base::Reason::rate_limited:
            return true;
        case base::Reason::too_large:
        case base::Reason::upstream_failed:
        case base::Reason::unavailable:
        case base::Reason::internal:
            return false;
    }
    return false;
}

/// Whether a call that failed was surely never sent, so that it may be tried again with the same key.
bool was_never_sent(const base::Error& error) {
    static constexpr std::array codes{"egress_unreachable", "upstream_unreachable", "upstream_tls_failed",
                                      "request_too_large"};
    return changed_nothing(error.reason()) ||
           std::find(codes.begin(), codes.end(), error.code()) != codes.end();
}

/// Whether nobody can say what became of it.
bool is_in_doubt(base::Reason reason) {
    return reason == base::Reason::unavailable || reason == base::Reason::internal;
}

json kept(const Result& result) {
    return json{
        {"structured", result.structured}, {"content", result.content}, {"is_error", result.is_error}};
}

json kept(const base::Error& error) {
    return json{
        {"reason", static_cast<int>(error.reason())}, {"code", error.code()}, {"message", error.what()}};
}

Result replayed(json first) {
    if (first.contains("reason")) {
        throw base::Error{static_cast<base::Reason>(first["reason"].get<int>()),
                          first["code"].get<std::string>(), first["message"].get<std::string>()};
    }
    return Result{
        .structured = std::move(first["structured"]),
        .content = std::move(first["content"]),
        .is_error = first["is_error"].get<bool>(),
    };
}

/// Each of these may be repeated. While the database is away the call's own outcome is worth more than the
/// note of it: without the note the key answers outcome_unknown.
template <class Note>
void note_outcome(const Note& note) {
    const auto deadline = std::chrono::steady_clock::now() + longest_outage;
    for (;;) {
        try {
            return note();
        } catch (const std::exception& error) {
            if (std::chrono::steady_clock::now() > deadline) {
                base::log(base::Severity::error, "outcome_not_noted", {{"detail", error.what()}});
                return;
            }
        }
        const base::Wait wait;
        std::this_thread::sleep_for(note_pause);
    }
}

void note_failure(db::Session& session, const IdempotencyKey& key, const base::Error& error) {
    note_outcome([&] {
        if (was_never_sent(error)) return release(session, key);
        if (is_in_doubt(error.reason())) return abandon(session, key);
        settle(session, key, kept(error));
    });
}

Outcome run_noting_failure(const Tool& tool, const json& arguments, Call& call, const IdempotencyKey& key) {
    try {
        return tool.run(arguments, call);
    } catch (const base::Error& error) {
        note_failure(call.db(), key, error);
        throw;
    } catch (...) {
        note_outcome([&] { abandon(call.db(), key); });
        throw;
    }
}

Outcome run_claimed(const Tool& tool, const json& arguments, Call& call, const IdempotencyKey& key) {
    auto outcome = run_noting_failure(tool, arguments, call, key);
    note_outcome([&] {
        const auto* result = std::get_if<Result>(&outcome);
        result != nullptr ? settle(call.db(), key, kept(*result)) : release(call.db(), key);
    });
    return outcome;
}

Outcome run_write(const Tool& tool, json arguments, Call& call) {
    const auto key = take_key(tool, arguments, call);
    if (!key) return tool.run(arguments, call);
    const RunningCall running{*key};
    if (auto first = claim(call.db(), *key, running)) return replayed(*std::move(first));
    return run_claimed(tool, arguments, call, *key);
}

void record(const Tool& tool, Recorder& recorder, Outcome& outcome) {
    if (auto* result = std::get_if<Result>(&outcome)) {
        if (!result->text && !result->structured.is_null()) {
            result->text = std::make_shared<const Text>(write(result->structured));
        }
        const bool is_digested = result->text && !tool.reveals_secret;
        recorder.record_digest(result->is_error ? "tool_error" : "ok",
                               is_digested ? result->text->sha256 : crypto::sha256(""));
    } else {
        recorder.record("input_required", schema::dump(std::get<InputRequired>(outcome).requests));
    }
}

/// A key that anyone can read off a web page reads what is meant for everyone, and nothing else.
void require_public(const Tool& tool, const auth::Principal& principal) {
    if (principal.kind != auth::CredentialKind::publishable_key) return;
    if (tool.is_public && tool.effect.read_only) return;
    throw base::Error{base::Reason::forbidden, "not_public", "a publishable key may not call this"};
}

}  // namespace

Outcome invoke(const Tool& tool, json arguments, Call& call, Channel channel) {
    Recorder recorder{tool, arguments, call, channel};
    try {
        if (call.decoys()) call.decoys()->check(call.principal(), tool.name, arguments);
        require_public(tool, call.principal());
        auth::require_scope(call.principal(), tool.scope);
        auto outcome =
            tool.effect.read_only ? tool.run(arguments, call) : run_write(tool, std::move(arguments), call);
        record(tool, recorder, outcome);
        return outcome;
    } catch (const base::Error& error) {
        recorder.record(error.code(), error.what());
        throw;
    } catch (const std::exception&) {
        recorder.record("internal", "");
        throw;
    }
}

json published_input_schema(const Tool& tool) {
    if (tool.effect.read_only) return tool.input_schema;
    json schema = tool.input_schema;
    schema["properties"][key_name] = json{
        {"type", "string"},
        {"format", "uuid"},
        {"description",
         "Makes the call safe to repeat: the same key never runs twice and gets the first result."},
    };
    return schema;
}

}  // namespace tool
