#include "oauth/client_metadata.hpp"

#include <algorithm>
#include <array>

#include "auth/principal.hpp"
#include "crypto/digest.hpp"
#include "oauth/error.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/scope.hpp"
#include "oauth/unicode.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::size_t name_limit = 200;
constexpr std::size_t list_limit = 10;
constexpr std::array<const char*, 4> page_members{"client_uri", "logo_uri", "tos_uri", "policy_uri"};
constexpr std::array<const char*, 2> text_members{"software_id", "software_version"};

[[noreturn]] void refuse(const std::string& description) {
    throw refusal("invalid_client_metadata", description);
}

/// Null when the member is absent, null or an empty text.
const json* find(const json& document, const char* name) {
    const auto member = document.find(name);
    if (member == document.end() || member->is_null() || *member == "") return nullptr;
    return &*member;
}

std::string text_at(const json& document, const char* name) {
    const auto* member = find(document, name);
    if (!member) return {};
    if (!member->is_string()) refuse(std::string{name} + " must be a text");
    auto text = displayable(member->get_ref<const std::string&>());
    if (length_of(text) > name_limit) refuse(std::string{name} + " is longer than 200 characters");
    return text;
}

std::string scope_at(const json& document) {
    const auto* member = find(document, "scope");
    if (member && !member->is_string()) refuse("scope must be a text");
    return member ? member->get<std::string>() : std::string{};
}

std::vector<std::string> texts_at(const json& document, const char* name) {
    const auto* member = find(document, name);
    if (!member) return {};
    if (!member->is_array()) refuse(std::string{name} + " must be a list of texts");
    std::vector<std::string> texts;
    for (const auto& item : *member) {
        if (!item.is_string()) refuse(std::string{name} + " must be a list of texts");
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::vector<std::string> redirect_uris_of(const json& document) {
    const auto* member = find(document, "redirect_uris");
    if (!member) throw refusal("invalid_redirect_uri", "redirect_uris is missing");
    auto uris = texts_at(document, "redirect_uris");
    if (uris.empty() || uris.size() > list_limit)
        throw refusal("invalid_redirect_uri", "redirect_uris must hold 1 to 10 URIs");
    for (const auto& uri : uris) {
        if (!parse_redirect_uri(uri))
            throw refusal("invalid_redirect_uri",
                          "a redirect URI must be https, or http to 127.0.0.1, [::1] or localhost, with no "
                          "fragment and no user information: " +
                              uri.substr(0, 200));
    }
    return uris;
}

/// One who says null leaves it to the server (LM Studio), and wants to stay signed in like all others.
bool leaves_open(const json& document, const char* name) {
    const auto member = document.find(name);
    return member != document.end() && member->is_null();
}

std::vector<std::string> grant_types_of(const json& document) {
    if (leaves_open(document, "grant_types")) return {"authorization_code", "refresh_token"};
    const auto asked = texts_at(document, "grant_types");
    if (asked.empty()) return {"authorization_code"};
    std::vector<std::string> taken;
    for (const char* known : {"authorization_code", "refresh_token"}) {
        if (std::ranges::find(asked, known) != asked.end()) taken.emplace_back(known);
    }
    if (taken.empty() || taken.front() != "authorization_code")
        refuse("grant_types must hold authorization_code");
    return taken;
}

void check_response_types(const json& document) {
    const auto asked = texts_at(document, "response_types");
    if (!asked.empty() && std::ranges::find(asked, "code") == asked.end())
        refuse("response_types must hold code");
}

AuthMethod auth_method_in(const json& document) {
    const auto name = text_at(document, "token_endpoint_auth_method");
    if (name.empty()) return AuthMethod::client_secret_basic;
    const auto method = auth_method_of(name);
    if (!method) refuse("token_endpoint_auth_method " + name.substr(0, 40) + " is not supported");
    return *method;
}

/// Public keys alone; nothing is fetched.
std::string jwks_of(const json& document, AuthMethod method) {
    const auto* member = find(document, "jwks");
    if (!member) {
        if (method == AuthMethod::private_key_jwt) refuse("private_key_jwt needs the public keys in jwks");
        return {};
    }
    const auto keys = member->is_object() ? member->find("keys") : member->end();
    if (!member->is_object() || keys == member->end() || !keys->is_array() || keys->empty() ||
        keys->size() > list_limit)
        refuse("jwks must be a JWK set of 1 to 10 public keys");
    for (const auto& key : *keys) {
        if (!key.is_object() || !key.contains("kty") || key.contains("d") || key.contains("k"))
            refuse("jwks must hold public keys alone");
    }
    return schema::dump(*member);
}

void echo_pages(const json& document, json& echoed) {
    for (const char* name : page_members) {
        const auto* member = find(document, name);
        if (!member) continue;
        if (!member->is_string()) refuse(std::string{name} + " must be a URL");
        const auto& url = member->get_ref<const std::string&>();
        const auto parsed = parse_redirect_uri(url);
        if (parsed && parsed->kind == RedirectKind::https) echoed[name] = url;
    }
}

void echo_hints(const json& document, json& echoed) {
    for (const char* name : text_members) {
        if (const auto text = text_at(document, name); !text.empty()) echoed[name] = text;
    }
    const auto type = text_at(document, "application_type");
    if (type == "web" || type == "native") echoed["application_type"] = type;
    auto contacts = texts_at(document, "contacts");
    if (contacts.size() > list_limit) contacts.resize(list_limit);
    for (auto& contact : contacts) contact = displayable(contact).substr(0, name_limit);
    if (!contacts.empty()) echoed["contacts"] = contacts;
    const auto scope = known_scopes_of(scope_at(document)).text();
    if (!scope.empty()) echoed["scope"] = scope;
}

json echo(const json& document, const ClientMetadata& metadata) {
    json echoed{{"redirect_uris", metadata.redirect_uris},
                {"grant_types", metadata.grant_types},
                {"response_types", json::array({"code"})},
                {"token_endpoint_auth_method", std::string{name_of(metadata.auth_method)}}};
    if (!metadata.name.empty()) echoed["client_name"] = metadata.name;
    if (!metadata.jwks.empty()) echoed["jwks"] = *find(document, "jwks");
    echo_pages(document, echoed);
    echo_hints(document, echoed);
    return echoed;
}

/// PostgreSQL keeps no JSON with a NUL in a text.
bool holds_nul(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>().find('\0') != std::string::npos;
    if (!value.is_structured()) return false;
    const auto items = value.items();
    return std::any_of(items.begin(), items.end(), [](const auto& item) {
        return item.key().find('\0') != std::string::npos || holds_nul(item.value());
    });
}

}  // namespace

ClientMetadata read_client_metadata(const json& document) {
    if (!document.is_object()) refuse("client metadata must be a JSON object");
    ClientMetadata metadata;
    metadata.redirect_uris = redirect_uris_of(document);
    metadata.grant_types = grant_types_of(document);
    check_response_types(document);
    metadata.auth_method = auth_method_in(document);
    metadata.name = text_at(document, "client_name");
    metadata.jwks = jwks_of(document, metadata.auth_method);
    metadata.echoed = echo(document, metadata);
    if (holds_nul(metadata.echoed)) refuse("text must not hold a NUL character");
    return metadata;
}

std::string digest_of(const ClientMetadata& metadata) {
    return crypto::sha256(schema::canonical(metadata.echoed));
}

}  // namespace oauth
