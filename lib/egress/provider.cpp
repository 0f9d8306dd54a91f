#include "egress/provider.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http_syntax/method.hpp"
#include "schema/schema.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;
using nlohmann::json;

constexpr std::chrono::seconds kept{600};
constexpr std::chrono::seconds least_kept{60};
const http_client::Limits limits{.total = std::chrono::milliseconds{15000}, .body = 256 * 1024};

base::Secret read_secret(const base::Config::SignIn& provider) {
    if (provider.client_secret.empty()) return {};
    std::ifstream stream{provider.client_secret};
    std::string line;
    if (!std::getline(stream, line))
        throw Error{Reason::invalid_input, "configuration_invalid",
                    "sign_in: the client_secret of " + provider.name + " cannot be read"};
    return base::Secret::take(line);
}

json object_of(const std::string& text, const std::string& provider) {
    try {
        auto value = schema::parse(text);
        if (value.is_object()) return value;
    } catch (const Error&) {
        // said below, as the provider's failure and not the caller's
    }
    throw Error{Reason::upstream_failed, "provider_answer_invalid",
                "the sign-in provider " + provider + " answered with something else than a JSON object"};
}

std::string text_member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string encoded(const std::string& name, std::string_view value) {
    return name + '=' + http_syntax::percent_encode(value);
}

http_client::Request request_for(const std::string& url, const char* method) {
    http_client::Request request;
    request.method = http_syntax::find_method(method);
    request.url = http_syntax::parse_url(url);
    request.fields.push_back({"Accept", base::Secret{"application/json"}});
    return request;
}

}  // namespace

Providers::Providers(const base::Config& config)
    : redirect_uri_{config.public_url + "/login/callback"},
      client_{http_client::AddressGuard{config.egress.allow}, config.egress.ca} {
    for (const auto& provider : config.sign_in) {
        http_syntax::parse_url(provider.issuer);
        secrets_.emplace(provider.name, read_secret(provider));
        providers_.emplace(provider.name, provider);
    }
}

const base::Config::SignIn& Providers::find(const std::string& provider) const {
    const auto found = providers_.find(provider);
    if (found == providers_.end())
        throw Error{Reason::not_found, "provider_unknown", "there is no such sign-in provider"};
    return found->second;
}

std::string Providers::document(const std::string& url, std::chrono::seconds age) {
    const auto now = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock{mutex_};
        const auto found = documents_.find(url);
        if (found != documents_.end() && now - found->second.fetched_at < age) return found->second.text;
    }
    const auto response = client_.perform(request_for(url, "GET"), limits);
    if (response.status != 200 || response.truncated)
        throw Error{Reason::upstream_failed, "provider_refused",
                    "the sign-in provider does not answer as it should",
                    url + " answered " + std::to_string(response.status)};
    const std::lock_guard lock{mutex_};
    documents_[url] = {response.body, now};
    return response.body;
}

std::string Providers::metadata(const std::string& provider) {
    const auto& found = find(provider);
    const auto url =
        found.issuer + (found.issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
    const auto object = object_of(document(url, kept), provider);
    if (text_member(object, "issuer") != found.issuer)
        throw Error{Reason::upstream_failed, "provider_answer_invalid",
                    "the sign-in provider's metadata name another issuer", text_member(object, "issuer")};
    return schema::dump(object);
}

std::string Providers::metadata_member(const base::Config::SignIn& provider, const char* name) {
    auto value = text_member(object_of(metadata(provider.name), provider.name), name);
    if (value.empty())
        throw Error{Reason::upstream_failed, "provider_answer_invalid",
                    std::string{"the sign-in provider's metadata lack "} + name};
    return value;
}

std::string Providers::keys(const std::string& provider, bool fresh) {
    const auto& found = find(provider);
    return schema::dump(
        object_of(document(metadata_member(found, "jwks_uri"), fresh ? least_kept : kept), provider));
}

std::string Providers::redeem(const egress_client::ProviderCodeErrand& errand) {
    const auto& provider = find(errand.provider);
    auto request = request_for(metadata_member(provider, "token_endpoint"), "POST");
    request.fields.push_back({"Content-Type", base::Secret{"application/x-www-form-urlencoded"}});
    auto body = "grant_type=authorization_code&" + encoded("code", errand.code) + '&' +
                encoded("redirect_uri", redirect_uri_) + '&' + encoded("client_id", provider.client_id) +
                '&' + encoded("code_verifier", errand.code_verifier);
    if (const auto& secret = secrets_.at(provider.name); !secret.empty())
        body += '&' + encoded("client_secret", secret.reveal());
    request.body = std::move(body);
    const auto response = client_.perform(request, limits);
    if (response.status != 200)
        throw Error{Reason::upstream_failed, "provider_refused", "the sign-in provider refused the code",
                    provider.name + " answered " + std::to_string(response.status)};
    const auto id_token = text_member(object_of(response.body, provider.name), "id_token");
    if (id_token.empty())
        throw Error{Reason::upstream_failed, "provider_answer_invalid",
                    "the sign-in provider sent no id token"};
    return schema::dump(schema::encode(egress_client::IdTokenAnswer{.id_token = id_token}));
}

}  // namespace egress
