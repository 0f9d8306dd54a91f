#include "mcp/endpoint.hpp"

#include "auth/authenticator.hpp"
#include "auth/insufficient_scope.hpp"
#include "http/media_type.hpp"
#include "mcp/acceptance.hpp"
#include "mcp/capabilities.hpp"
#include "mcp/error.hpp"
#include "mcp/legacy.hpp"
#include "mcp/meta.hpp"
#include "mcp/request_metadata.hpp"
#include "mcp/seals.hpp"
#include "mcp/sharing_exchange.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

http::Response refuse_method() {
    auto answer = error_answer(405, jsonrpc::Error{jsonrpc::invalid_request, "method not allowed"});
    answer.fields.emplace_back("Allow", "POST, GET, DELETE, OPTIONS");
    return answer;
}

std::string written_metadata(const Server& server) {
    return R"("_meta":)" + schema::dump({{meta::server_info, identity_of(server)}});
}

/// A stream belongs to the workspace in which it began.
bool require_unchanged(const auth::Principal& began, const auth::Principal& now) {
    if (began.workspace == now.workspace) return true;
    throw base::Error{base::Reason::forbidden, "workspace_changed",
                      "the credential has changed its workspace"};
}

bool is_legacy(const http::Request& request) {
    const auto revision = revision_of(request.field("mcp-protocol-version"));
    return !revision || !is_modern(*revision);
}

}  // namespace

Endpoint::Endpoint(const base::Config& config, const Server& server, tool::Environment environment,
                   Authenticate authenticate)
    : public_url_{config.public_url},
      origins_{config},
      seals_{std::make_unique<const Seals>(config.keys.request_state)},
      service_{server, *seals_, environment, written_metadata(server)},
      authenticate_{std::move(authenticate)},
      hub_{environment.database} {}

Endpoint::~Endpoint() = default;

http::Response Endpoint::answer(http::Request& request, http::Exchange& exchange) {
    try {
        origins_.check(request);
    } catch (const base::Error& error) {
        return render_error(error);
    }
    if (request.method == http::Method::options) return origins_.preflight(request);
    const auto sharing = origins_.sharing_fields(request);
    if (sharing.empty()) return answer_shared(request, exchange);
    SharingExchange shared{exchange, sharing};
    auto answer = answer_shared(request, shared);
    answer.fields.insert(answer.fields.end(), sharing.begin(), sharing.end());
    return answer;
}

http::Response Endpoint::answer_shared(http::Request& request, http::Exchange& exchange) {
    std::optional<auth::Principal> principal;
    try {
        principal = authenticate_(request);
        const Recheck recheck = [&] { return require_unchanged(*principal, authenticate_(request)); };
        return answer_known({request, exchange, *principal, recheck});
    } catch (const jsonrpc::Error& error) {
        return error_answer(400, error, nullptr, spoken_in(request));
    } catch (const base::Error& error) {
        return challenge(error, request, principal ? &*principal : nullptr, nullptr);
    }
}

http::Response Endpoint::answer_known(const Arrival& arrival) {
    switch (arrival.request.method) {
        case http::Method::post:
            return answer_post(arrival);
        case http::Method::get:
            std::string{}.swap(arrival.request.body);
            if (is_legacy(arrival.request)) return serve_legacy_stream(service_, hub_, quota_, arrival);
            break;
        case http::Method::delete_:
            if (is_legacy(arrival.request)) return end_legacy_session(service_, arrival);
            break;
        case http::Method::head:
        case http::Method::put:
        case http::Method::patch:
        case http::Method::options:
        case http::Method::other:
            break;
    }
    return refuse_method();
}

http::Response Endpoint::answer_post(const Arrival& arrival) {
    if (!http::is_media_type(arrival.request.field("content-type"), "application/json")) {
        return error_answer(
            415, jsonrpc::Error{jsonrpc::invalid_request, "Content-Type: expected application/json"});
    }
    const auto acceptance = acceptance_of(arrival.request);
    if (!acceptance.json && !acceptance.stream) {
        return error_answer(406, jsonrpc::Error{jsonrpc::invalid_request,
                                                "Accept: expected application/json or text/event-stream"});
    }
    json id = nullptr;
    try {
        json value = jsonrpc::parse(arrival.request.body);
        if (jsonrpc::is_batch(value)) return answer_legacy_batch(service_, hub_, arrival, std::move(value));
        id = jsonrpc::id_of(value);
        auto message = jsonrpc::read_message(std::move(value));
        if (is_modern(arrival.request, message)) {
            return answer_modern(service_, hub_, quota_, arrival, std::move(message));
        }
        return answer_legacy(service_, hub_, arrival, std::move(message));
    } catch (const jsonrpc::Error& error) {
        return error_answer(400, error, std::move(id), spoken_in(arrival.request));
    } catch (const base::Error& error) {
        return challenge(error, arrival.request, &arrival.principal, std::move(id));
    }
}

http::Response Endpoint::challenge(const base::Error& error, const http::Request& request,
                                   const auth::Principal* principal, json id) const {
    auto answer = render_error(error, std::move(id), spoken_in(request));
    auto value =
        auth::challenge_of(error, public_url_ + "/.well-known/oauth-protected-resource" + request.path,
                           auth::scopes_to_ask_for(error, principal));
    if (!value.empty()) answer.fields.emplace_back("WWW-Authenticate", std::move(value));
    return answer;
}

}  // namespace mcp
