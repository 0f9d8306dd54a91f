#include "egress/credential.hpp"

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "vault/placeholder.hpp"
#include "vault_open/open.hpp"

namespace egress {
namespace {

std::string with_settings(const std::string& text, const vault::Service& service) {
    return vault::fill_in(text, [&](const std::string& name) {
        const auto found = service.settings.find(name);
        return found == service.settings.end() ? nullptr : &found->second;
    });
}

base::Secret with_secrets(const std::string& text, const vault::Secrets& secrets) {
    std::string filled;
    std::string_view rest = text;
    for (const auto& name : vault::placeholders_of(text)) {
        const auto found = secrets.find(name);
        if (found == secrets.end()) {
            throw base::Error{base::Reason::internal, "sealed_value_unusable",
                              "the stored credential lacks " + name + "; store it anew"};
        }
        const auto at = rest.find('{');
        filled += rest.substr(0, at);
        filled += found->second.reveal();
        rest.remove_prefix(at + name.size() + 2);
    }
    filled += rest;
    return base::Secret::take(filled);
}

base::Secret basic(const base::Secret& pair) {
    auto text = "Basic " + crypto::base64_of(pair.reveal());
    return base::Secret::take(text);
}

base::Secret parameter(const std::string& name, const base::Secret& value, const base::Secret& before) {
    std::string text{before.reveal()};
    if (!text.empty()) text += '&';
    text += http_syntax::percent_encode(name) + '=' + http_syntax::percent_encode(value.reveal());
    return base::Secret::take(text);
}

void reserve_signature(ReservedParts& reserved) {
    for (const auto* name : {"x-amz-date", "x-amz-content-sha256", "x-amz-security-token"})
        reserved.fields.insert(name);
    for (const auto* name :
         {"x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-security-token"})
        reserved.parameters.insert(name);
}

void reserve(ReservedParts& reserved, const vault::Injection& injection, const vault::Service& service) {
    const auto name = with_settings(injection.name, service);
    const bool is_of_another_method = name.find('{') != std::string::npos;
    if (is_of_another_method) return;
    if (injection.place == vault::Place::header) reserved.fields.insert(http_syntax::lower(name));
    const bool is_in_body = injection.place == vault::Place::body;
    if (is_in_body || injection.place == vault::Place::query)
        reserved.parameters.insert(http_syntax::lower(name));
    if (is_in_body) reserved.members.insert(name);
}

}  // namespace

ReservedParts reserved_parts(const vault::Connector& connector, const vault::Service& service) {
    ReservedParts reserved;
    reserved.fields.insert("authorization");
    for (const auto& method : connector.auth) {
        if (method.signature) reserve_signature(reserved);
        for (const auto& injection : method.injections) reserve(reserved, injection, service);
    }
    for (const auto& name : connector.reserved_headers) reserved.fields.insert(http_syntax::lower(name));
    for (const auto& name : connector.reserved_parameters)
        reserved.parameters.insert(http_syntax::lower(name));
    return reserved;
}

vault::Secrets open_secrets(const vault_keys::KeyEncryption& key_encryption, const Caller& caller,
                            const OpenedService& opened) {
    return vault_open::open_fields(key_encryption, caller.workspace, opened.service, opened.fields);
}

Credential render_credential(const vault::AuthMethod& method, const vault::Service& service,
                             vault::Secrets secrets) {
    Credential credential;
    for (const auto& injection : method.injections) {
        const auto name = with_settings(injection.name, service);
        auto value = with_secrets(with_settings(injection.value, service), secrets);
        switch (injection.place) {
            case vault::Place::header:
                credential.fields.push_back({name, std::move(value)});
                break;
            case vault::Place::query:
                credential.query = parameter(name, value, credential.query);
                break;
            case vault::Place::basic:
                credential.fields.push_back({"Authorization", basic(value)});
                credential.rendered.push_back(std::move(value));
                break;
            case vault::Place::body:
                credential.members.emplace_back(name, std::move(value));
                break;
        }
    }
    for (const auto& field : credential.fields) {
        const auto value = field.value.reveal();
        const auto space = value.find(' ');
        credential.rendered.emplace_back(space == std::string_view::npos ? value : value.substr(space + 1));
    }
    credential.secrets = std::move(secrets);
    return credential;
}

}  // namespace egress
