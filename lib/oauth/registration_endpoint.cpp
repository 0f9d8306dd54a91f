#include "oauth/registration_endpoint.hpp"

#include <array>

#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "http/challenge.hpp"
#include "http/cors.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"
#include "oauth/error.hpp"
#include "oauth/registration.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::size_t body_limit = 8 * 1024;
constexpr std::string_view prefix = "/oauth/register/";

http::Response json_response(int status, std::string body) {
    http::Response response{.status = status,
                            .fields = {{"Content-Type", "application/json"},
                                       {"Cache-Control", "no-store"},
                                       {"Pragma", "no-cache"}},
                            .body = std::move(body)};
    http::share_with_any_origin(response);
    return response;
}

http::Response refuse_method(std::string_view allowed) {
    auto response = render_error(refusal("invalid_request", "this method is not served here"));
    response.status = 405;
    response.fields.emplace_back("Allow", std::string{allowed});
    return response;
}

json document_of(const http::Request& request) {
    if (!http::is_media_type(request.field("content-type"), "application/json"))
        throw refusal("invalid_client_metadata", "send client metadata as application/json");
    if (request.body.size() > body_limit)
        throw base::Error{base::Reason::too_large, "invalid_client_metadata",
                          "client metadata is limited to 8 KB"};
    try {
        auto document = schema::parse(request.body);
        if (document.is_object()) return document;
    } catch (const base::Error& error) {
        throw refusal("invalid_client_metadata", error.what());
    }
    throw refusal("invalid_client_metadata", "client metadata must be a JSON object");
}

std::string_view bearer_of(const http::Request& request) {
    const auto field = request.field("authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (field.size() <= scheme.size() || !field.starts_with(scheme))
        throw base::Error{base::Reason::unauthenticated, "invalid_token",
                          "send the registration_access_token as a bearer token"};
    return field.substr(scheme.size());
}

/// RFC 7592 section 2.2: what the client must repeat and what only the server sets.
void check_update(const json& document, const Registration& registration) {
    const auto id = document.find("client_id");
    if (id == document.end() || *id != registration.client_id)
        throw refusal("invalid_request", "client_id must be the registered one");
    for (const char* name : {"registration_access_token", "registration_client_uri",
                             "client_secret_expires_at", "client_id_issued_at"}) {
        if (document.contains(name)) throw refusal("invalid_request", std::string{name} + " cannot be set");
    }
}

/// The current secret may be repeated; it cannot be chosen.
void check_secret(const json& document, const Registration& registration) {
    const auto secret = document.find("client_secret");
    if (secret == document.end() || secret->is_null()) return;
    if (!secret->is_string() || !crypto::equal_in_constant_time(crypto::sha256(secret->get<std::string>()),
                                                                registration.secret_sha256))
        throw refusal("invalid_client_metadata", "client_secret must be the current one or left out");
}

}  // namespace

http::Response render_registration_error(const base::Error& error) {
    auto response = render_error(error);
    if (const auto* limited = dynamic_cast<const TooManyRegistrations*>(&error)) {
        for (auto& [name, value] : response.fields) {
            if (name == "Retry-After") value = std::to_string(limited->wait().count());
        }
    }
    if (error.code() == "invalid_token") {
        const http::BearerChallenge challenge{.realm = {},
                                              .error = "invalid_token",
                                              .error_description = {},
                                              .scope = {},
                                              .resource_metadata = {}};
        response.fields.emplace_back("WWW-Authenticate", challenge.text());
    }
    return response;
}

RegistrationEndpoint::RegistrationEndpoint(const base::Config& config, db::Database& database)
    : public_url_{config.public_url}, limits_{config.oauth}, database_{database} {}

http::Response RegistrationEndpoint::answer(const http::Request& request) {
    const bool is_managed = request.path.starts_with(prefix) && request.path.size() > prefix.size();
    const std::string_view methods = is_managed ? "GET, PUT, DELETE, OPTIONS" : "POST, OPTIONS";
    if (request.method == http::Method::options) return http::preflight_for_any_origin(methods);
    if (is_managed) {
        if (request.method != http::Method::get && request.method != http::Method::put &&
            request.method != http::Method::delete_)
            return refuse_method(methods);
        return manage(request, std::string_view{request.path}.substr(prefix.size()));
    }
    if (request.method != http::Method::post) return refuse_method(methods);
    return create(request);
}

http::Response RegistrationEndpoint::create(const http::Request& request) {
    if (limits_.registration_closed)
        throw base::Error{base::Reason::forbidden, "access_denied", "clients are registered by the operator"};
    auto metadata = read_client_metadata(document_of(request));
    return json_response(
        201, describe(register_client(database_, std::move(metadata), request.remote_address, limits_),
                      public_url_));
}

http::Response RegistrationEndpoint::manage(const http::Request& request, std::string_view client_id) {
    db::Autocommit session{database_, {}};
    const auto token = bearer_of(request);
    auto registration = require_registration(session, client_id, token);
    if (request.method == http::Method::delete_) {
        delete_registration(database_, registration, token);
        http::Response response{.status = 204, .fields = {{"Cache-Control", "no-store"}}, .body = {}};
        http::share_with_any_origin(response);
        return response;
    }
    if (request.method == http::Method::put) {
        const auto document = document_of(request);
        check_update(document, registration);
        check_secret(document, registration);
        replace_registration(database_, registration, read_client_metadata(document));
    }
    return json_response(200, describe(registration, public_url_));
}

}  // namespace oauth
