#include "account_rest/api.hpp"

#include <nlohmann/json.hpp>

#include "account/throttle.hpp"
#include "account_rest/call.hpp"
#include "base/log.hpp"
#include "crypto/encoding.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"
#include "schema/schema.hpp"

namespace account_rest {
namespace {

using account_messages::Credential;
using account_messages::Operation;
using base::Error;
using base::Reason;
using nlohmann::json;

constexpr std::string_view base_path = "/api/v1";

std::string_view after_scheme(const http::Request& request, std::string_view scheme) {
    const auto field = request.field("authorization");
    if (field.empty()) throw Error{Reason::unauthenticated, "credential_missing", "this needs a credential"};
    bool fits = field.size() > scheme.size() && field[scheme.size()] == ' ';
    for (std::size_t i = 0; fits && i < scheme.size(); ++i) fits = (field[i] | 0x20) == scheme[i];
    if (!fits)
        throw Error{Reason::unauthenticated, "credential_invalid",
                    "the Authorization field is of another scheme"};
    return field.substr(scheme.size() + 1);
}

json body_of(const Operation& operation, const http::Request& request) {
    if (operation.input.is_null()) return nullptr;
    if (request.body.empty() && !operation.input.contains("required")) return json::object();
    if (!http::is_media_type(request.field("content-type"), "application/json"))
        throw Error{Reason::invalid_input, "media_type_unsupported", "the body must be application/json"};
    return schema::parse(request.body);
}

const Operation* find_operation(const http::Request& request, bool& path_exists) {
    for (const auto& operation : account_messages::operations()) {
        if (base_path.size() + operation.path.size() != request.path.size() ||
            !request.path.ends_with(operation.path))
            continue;
        path_exists = true;
        if (operation.method == request.method) return &operation;
    }
    return nullptr;
}

int status_of(const Error& error) {
    if (error.code() == "method_not_allowed") return 405;
    if (error.code() == "media_type_unsupported") return 415;
    if (error.code() == "json_malformed" || error.reason() != Reason::invalid_input)
        return http::status_of(error.reason());
    return 422;
}

void add_challenge(http::Response& response, const Error& error) {
    if (error.code() == "credential_missing" || error.code() == "credential_invalid")
        response.fields.emplace_back(
            "WWW-Authenticate", "Bearer realm=\"Gatehouse\", Basic realm=\"Gatehouse\", charset=\"UTF-8\"");
}

http::Response render(const Error& error) {
    const int status = status_of(error);
    if (status >= 500)
        base::log(base::Severity::error, "request_failed",
                  {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}});
    auto response =
        http::render({.status = status, .code = error.code(), .detail = error.what(), .errors = {}});
    if (status == 401) add_challenge(response, error);
    if (const auto* throttled = dynamic_cast<const account::TooManyAttempts*>(&error)) {
        for (auto& [name, value] : response.fields)
            if (name == "Retry-After") value = std::to_string(throttled->retry_after().count());
    }
    return response;
}

}  // namespace

Api::Api(const base::Config& config, db::Database& database, account::Accounts& accounts)
    : database_{database}, accounts_{accounts}, tokens_{database, config.keys.account, config.public_url} {}

http::Response Api::answer(const http::Request& request) {
    try {
        bool path_exists = false;
        if (const auto* operation = find_operation(request, path_exists)) return perform(*operation, request);
        if (path_exists)
            throw Error{Reason::invalid_input, "method_not_allowed", "this method is not served here"};
        throw Error{Reason::not_found, "route_not_found", "there is nothing at this path"};
    } catch (const Error& error) {
        return render(error);
    }
}

http::Response Api::perform(const Operation& operation, const http::Request& request) {
    std::optional<account::LoginSession> session;
    if (operation.credential == Credential::user_token) session = require_token(request);
    const Call call{request, session, body_of(operation, request)};
    const auto result = (this->*run_of(operation.name))(call);
    return {.status = operation.status,
            .fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            .body = schema::dump(result)};
}

account::LoginSession Api::require_token(const http::Request& request) {
    auto session = tokens_.find(after_scheme(request, "bearer"));
    if (!session)
        throw Error{Reason::unauthenticated, "credential_invalid", "the user token is unknown or has ended"};
    return *std::move(session);
}

BasicCredentials basic_credentials_of(const http::Request& request) {
    auto text = crypto::bytes_of_base64(after_scheme(request, "basic"));
    const auto colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos)
        throw Error{Reason::unauthenticated, "credential_invalid", "the Basic credential is malformed"};
    BasicCredentials credentials{.email = text->substr(0, colon),
                                 .password = base::Secret{std::string_view{*text}.substr(colon + 1)}};
    base::wipe(*text);
    return credentials;
}

}  // namespace account_rest
