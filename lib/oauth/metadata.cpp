#include "oauth/metadata.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> names{
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
};

bool is_endpoint(std::string_view path) {
    return path.empty() || path == "/mcp" || (path.starts_with("/v1/") && path.size() > 4);
}

}  // namespace

bool is_authorization_server_metadata_path(std::string_view path) {
    for (const auto name : names) {
        if (path.starts_with(name)) return is_endpoint(path.substr(name.size()));
    }
    return path.ends_with(names[1]) && is_endpoint(path.substr(0, path.size() - names[1].size()));
}

std::string authorization_server_metadata(const base::Config& config) {
    const auto& public_url = config.public_url;
    const auto client_authentication =
        json::array({"none", "client_secret_post", "client_secret_basic", "private_key_jwt"});
    const auto signatures = json::array({"ES256", "RS256"});
    json document{
        {"issuer", issuer_of(public_url)},
        {"authorization_endpoint", public_url + "/oauth/authorize"},
        {"token_endpoint", public_url + "/oauth/token"},
        {"revocation_endpoint", public_url + "/oauth/revoke"},
        {"introspection_endpoint", public_url + "/oauth/introspect"},
        {"jwks_uri", public_url + "/oauth/jwks"},
        {"scopes_supported", json::array({"mcp.read", "mcp.write", "vault.reveal", "admin"})},
        {"response_types_supported", json::array({"code"})},
        {"response_modes_supported", json::array({"query"})},
        {"grant_types_supported", json::array({"authorization_code", "refresh_token", "client_credentials"})},
        {"code_challenge_methods_supported", json::array({"S256"})},
        {"token_endpoint_auth_methods_supported", client_authentication},
        {"token_endpoint_auth_signing_alg_values_supported", signatures},
        {"revocation_endpoint_auth_methods_supported", client_authentication},
        {"revocation_endpoint_auth_signing_alg_values_supported", signatures},
        {"introspection_endpoint_auth_methods_supported",
         json::array({"client_secret_post", "client_secret_basic", "private_key_jwt"})},
        {"introspection_endpoint_auth_signing_alg_values_supported", signatures},
        {"authorization_response_iss_parameter_supported", true},
        {"client_id_metadata_document_supported", true},
        {"prompt_values_supported", json::array({"none", "login", "consent", "select_account"})},
        {"protected_resources", json::array({public_url + "/mcp"})},
        {"subject_types_supported", json::array({"public"})},
        {"id_token_signing_alg_values_supported", signatures},
    };
    if (!config.oauth.registration_closed) document["registration_endpoint"] = public_url + "/oauth/register";
    return schema::dump(document);
}

}  // namespace oauth
