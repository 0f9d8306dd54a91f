#include "vault_grant/tokens.hpp"

#include "base/log.hpp"
#include "base/wait.hpp"
#include "vault_grant/refusal.hpp"
#include "vault_grant/request.hpp"

namespace vault_grant {
namespace {

using base::Clock;
using base::Error;
using base::Reason;
using namespace std::chrono_literals;

constexpr auto call_time = 15s;
constexpr auto longest_wait = 8s;
constexpr auto poll_interval = 100ms;
constexpr auto second_try_after = 2s;
constexpr auto youngest_refused = 10s;
constexpr std::size_t answer_limit = 256 * 1024;

bool is_connected_by_user(const Holder& holder) {
    return holder.method->grant->type == vault::GrantType::authorization_code;
}

bool is_claimed(const Token& token) { return token.claim_until && *token.claim_until > Clock::now(); }

Failure failure_of(const Error& error) {
    const bool is_transient = error.reason() == Reason::upstream_failed ||
                              error.reason() == Reason::unavailable || error.reason() == Reason::rate_limited;
    return {is_transient ? Failure::Kind::transient : Failure::Kind::misconfigured,
            std::string{"token endpoint: "} + error.what(),
            {}};
}

/// Where no user connects, nobody can connect anew.
Failure fitted(Failure failure, const Holder& holder, const Claim& claim) {
    if (failure.kind != Failure::Kind::lost) return failure;
    if (!is_connected_by_user(holder)) failure.kind = Failure::Kind::misconfigured;
    if (claim.interrupted) failure.reason += "; an interrupted renewal may have used the refresh token up";
    return failure;
}

}  // namespace

Tokens::Tokens(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
               http_client::Client& client)
    : database_{database}, key_encryption_{key_encryption}, client_{client}, thread_{[this] { work(); }} {}

Tokens::~Tokens() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

AccessToken Tokens::opened(const Holder& holder, const Token& token) const {
    return {open_token(key_encryption_, holder.workspace, holder.service, token, Part::access), token.version,
            token.issued_at};
}

AccessToken Tokens::access_token(const Holder& holder, const Token& token) {
    const auto now = Clock::now();
    if (token.state == "revoked") throw refusal_of(holder.service, token);
    if (token.is_usable(now)) {
        const bool may_try = token.is_renewable() && (!token.retry_at || *token.retry_at <= now);
        if (token.is_due(now) && may_try && !is_claimed(token)) renew_later(holder);
        return opened(holder, token);
    }
    const auto renewed = renew(holder, token, Why::due);
    if (!renewed.is_usable(Clock::now())) throw refusal_of(holder.service, renewed);
    return opened(holder, renewed);
}

bool Tokens::replace_refused(const Holder& holder, const AccessToken& refused) {
    if (refused.issued_at && Clock::now() - *refused.issued_at < youngest_refused) return false;
    try {
        const auto token = read_token(database_, holder.workspace, holder.service.id);
        if (token.version != refused.version) return token.is_usable(Clock::now());
        if (is_connected_by_user(holder) && token.refresh.empty()) return false;
        return renew(holder, token, Why::refused).version != refused.version;
    } catch (const Error&) {
        return false;
    }
}

void Tokens::renew_due(const Holder& holder) {
    const auto token = read_token(database_, holder.workspace, holder.service.id);
    if (token.is_due(Clock::now()) && token.is_renewable()) renew(holder, token, Why::due);
}

/// In one process one thread renews a service's token; the others wait for its outcome.
Token Tokens::renew(const Holder& holder, const Token& token, Why why) {
    std::promise<Token> promise;
    {
        std::unique_lock lock{mutex_};
        const auto found = flights_.find(holder.service.id);
        if (found != flights_.end()) {
            const auto flight = found->second;
            lock.unlock();
            const base::Wait wait;
            return flight.get();
        }
        flights_.emplace(holder.service.id, promise.get_future().share());
    }
    const auto land = [&] {
        const std::lock_guard lock{mutex_};
        flights_.erase(holder.service.id);
    };
    try {
        auto renewed = renew_or_wait(holder, token, why);
        promise.set_value(renewed);
        land();
        return renewed;
    } catch (...) {
        promise.set_exception(std::current_exception());
        land();
        throw;
    }
}

/// Of all processes one renews; the others look at the row until it has.
Token Tokens::renew_or_wait(const Holder& holder, Token token, Why why) {
    if (token.version == 0 && is_connected_by_user(holder)) token.state = "needs_reconnect";
    if (!token.is_renewable()) throw refusal_of(holder.service, token);
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    for (;;) {
        if (const auto mine = claim(database_, holder, token.version, why)) return run(holder, token, *mine);
        const auto current = read_token(database_, holder.workspace, holder.service.id);
        if (current.version != token.version || (why == Why::refused && !is_claimed(current))) return current;
        const bool must_wait = !is_claimed(current) && current.retry_at && *current.retry_at > Clock::now();
        if (must_wait || !current.is_renewable() || std::chrono::steady_clock::now() > deadline)
            throw refusal_of(holder.service, current);
        const base::Wait wait;
        std::this_thread::sleep_for(poll_interval);
    }
}

Answer Tokens::ask(const Holder& holder, const vault::Secrets& secrets, const base::Secret& refresh) {
    http_client::Limits limits;
    limits.total = call_time;
    limits.body = answer_limit;
    try {
        const auto response = client_.perform(token_request(holder, secrets, refresh, Clock::now()), limits);
        return answer_of(response, *holder.method->grant, Clock::now());
    } catch (const Error& error) {
        return failure_of(error);
    }
}

Token Tokens::run(const Holder& holder, const Token& token, const Claim& claim) {
    const auto current = [&] { return read_token(database_, holder.workspace, holder.service.id); };
    const auto refresh = open_token(key_encryption_, holder.workspace, holder.service, token, Part::refresh);
    if (refresh.empty() && is_connected_by_user(holder)) {
        record(database_, holder, claim, {Failure::Kind::lost, "there is no refresh token", {}});
        throw refusal_of(holder.service, current());
    }
    const auto secrets = holder.open_secrets(key_encryption_);
    for (bool is_first = true;; is_first = false) {
        const auto answer = ask(holder, secrets, refresh);
        if (const auto* grantee = std::get_if<Grantee>(&answer)) {
            commit(database_, holder, claim, *grantee, refresh);
            return current();
        }
        const auto& failure = std::get<Failure>(answer);
        if (failure.kind == Failure::Kind::lost && is_first && !claim.interrupted) {
            auto now = current();
            if (now.version != claim.version) return now;
            const base::Wait wait;
            std::this_thread::sleep_for(second_try_after);
            continue;
        }
        record(database_, holder, claim, fitted(failure, holder, claim));
        auto after = current();
        if (after.is_usable(Clock::now())) return after;
        throw refusal_of(holder.service, after);
    }
}

void Tokens::renew_later(const Holder& holder) {
    const std::lock_guard lock{mutex_};
    later_.emplace(holder.service.id, holder);
    changed_.notify_one();
}

void Tokens::work() {
    for (std::unique_lock lock{mutex_};;) {
        changed_.wait(lock, [&] { return is_stopping_ || !later_.empty(); });
        if (is_stopping_) return;
        const auto holder = later_.extract(later_.begin()).mapped();
        lock.unlock();
        try {
            renew_due(holder);
        } catch (const std::exception& error) {
            base::log(base::Severity::warning, "token_not_renewed_ahead",
                      {{"service", holder.service.id.text()}, {"detail", error.what()}});
        }
        lock.lock();
    }
}

}  // namespace vault_grant
