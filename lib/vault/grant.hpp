#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "schema/field.hpp"

namespace vault {

/// How an access token is got.
enum class GrantType {
    authorization_code,  ///< a user connects once in a browser (RFC 6749 section 4.1, PKCE), then it is
                         ///< refreshed
    client_credentials,  ///< RFC 6749 section 4.4
    jwt_bearer,          ///< a signed assertion (RFC 7523 section 2.1), such as a Google service account's
    github_app,          ///< a signed assertion in Authorization, answered with an installation token
};

/// How the client authenticates at the token endpoint (RFC 6749 section 2.3.1).
enum class ClientAuth { basic, post, none };

/// How a method gets the {access_token} that its injections name. Every text may name settings; the client's
/// secret is the method's secret "client_secret", the key that signs its secret "private_key".
struct Grant {
    GrantType type = GrantType::client_credentials;
    std::string token_url;
    std::optional<std::string> authorize_url;
    std::optional<std::string> issuer;  ///< what "iss" of the authorization response must be (RFC 9207)
    std::optional<std::string> client_id;
    ClientAuth client_auth = ClientAuth::post;
    std::optional<std::string> scope;  ///< left out when it is filled in to nothing
    std::map<std::string, std::string> authorize_parameters;
    std::map<std::string, std::string> token_parameters;
    std::map<std::string, std::string> claims;  ///< of the assertion; those filled in to nothing are left out
    std::vector<std::string> lost_errors;  ///< error codes that mean invalid_grant besides the standard's
    std::optional<int> lifetime_s;         ///< of an access token whose provider does not tell it

    static constexpr auto fields = std::tuple{
        schema::field("type", &Grant::type, "How an access token is got."),
        schema::field("token_url", &Grant::token_url, "The token endpoint."),
        schema::field("authorize_url", &Grant::authorize_url, "The authorization endpoint."),
        schema::field("issuer", &Grant::issuer, "The authorization server's issuer identifier."),
        schema::field("client_id", &Grant::client_id, "The client's id."),
        schema::field("client_auth", &Grant::client_auth, "basic, post or none."),
        schema::field("scope", &Grant::scope, "Space-separated scopes."),
        schema::field("authorize_parameters", &Grant::authorize_parameters,
                      "Further parameters of the authorization request."),
        schema::field("token_parameters", &Grant::token_parameters,
                      "Further parameters of the token request."),
        schema::field("claims", &Grant::claims, "Claims of the assertion."),
        schema::field("lost_errors", &Grant::lost_errors, "Further errors that mean invalid_grant."),
        schema::field("lifetime_s", &Grant::lifetime_s, "Seconds a token lasts unless the provider says.",
                      {60, 31536000}),
    };
};

/// Who a request to revoke shows itself as.
enum class RevocationAuth { none, client_basic, client_post, token };

/// A request that makes a credential worthless at its provider (as RFC 7009, or the provider's own).
/// Texts may name settings, the method's secrets, {access_token}, {refresh_token}, and {token}: the refresh
/// token when there is one, else the access token.
struct Revocation {
    std::string method;
    std::string url;
    RevocationAuth auth = RevocationAuth::none;
    std::map<std::string, std::string> parameters;
    bool is_json = false;

    static constexpr auto fields = std::tuple{
        schema::field("method", &Revocation::method, "The request's method."),
        schema::field("url", &Revocation::url, "Where it goes."),
        schema::field("auth", &Revocation::auth, "none, client_basic, client_post or token (bearer)."),
        schema::field("parameters", &Revocation::parameters, "Members of its body."),
        schema::field("json", &Revocation::is_json, "Whether the body is JSON instead of a form."),
    };
};

}  // namespace vault

template <>
struct schema::Names<vault::GrantType> {
    static constexpr std::array names{std::pair{vault::GrantType::authorization_code, "authorization_code"},
                                      std::pair{vault::GrantType::client_credentials, "client_credentials"},
                                      std::pair{vault::GrantType::jwt_bearer, "jwt_bearer"},
                                      std::pair{vault::GrantType::github_app, "github_app"}};
};

template <>
struct schema::Names<vault::ClientAuth> {
    static constexpr std::array names{std::pair{vault::ClientAuth::basic, "basic"},
                                      std::pair{vault::ClientAuth::post, "post"},
                                      std::pair{vault::ClientAuth::none, "none"}};
};

template <>
struct schema::Names<vault::RevocationAuth> {
    static constexpr std::array names{std::pair{vault::RevocationAuth::none, "none"},
                                      std::pair{vault::RevocationAuth::client_basic, "client_basic"},
                                      std::pair{vault::RevocationAuth::client_post, "client_post"},
                                      std::pair{vault::RevocationAuth::token, "token"}};
};
