#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "schema/field.hpp"
#include "vault/grant.hpp"

namespace vault {

/// What a setting's value may be. Settings are not secret; each is checked when a service is created.
enum class SettingKind {
    host_label,  ///< one label of a host name: lower-case letters, digits, inner hyphens
    host,        ///< a host name of at least two labels
    name,        ///< a header or query parameter name (RFC 9110 token)
    pattern,     ///< printable ASCII with the placeholder {secret} once, such as "ApiKey {secret}"
    text,        ///< printable ASCII, may be empty: a client's id, a list of scopes
    url,         ///< an https URL. Where secrets go is for the operator to say, at the command line alone
};

/// Something an operator says about one service besides its secret, such as the site of an Atlassian account.
struct Setting {
    std::string name;
    SettingKind kind = SettingKind::host_label;
    std::string description;
    std::optional<std::string> fallback;  ///< used when nothing is said; without it the setting is required

    static constexpr auto fields = std::tuple{
        schema::field("name", &Setting::name, "The name used in braces."),
        schema::field("kind", &Setting::kind, "What a value may be."),
        schema::field("description", &Setting::description, "What it is, for the operator."),
        schema::field("fallback", &Setting::fallback, "The value when the operator gives none."),
    };
};

/// One value of a credential, sealed on its own.
struct SecretField {
    std::string name;
    std::string description;
    std::optional<bool> multiline;      ///< whether it may have line breaks, as a private key in PEM has
    std::optional<std::string> prefix;  ///< how values begin, so that a decoy looks like one
    std::optional<bool> plain;          ///< a name rather than a secret: neither redacted nor watched for

    static constexpr auto fields = std::tuple{
        schema::field("name", &SecretField::name, "The name used in braces."),
        schema::field("description", &SecretField::description, "What it is, for the operator."),
        schema::field("multiline", &SecretField::multiline, "Whether it may have line breaks."),
        schema::field("prefix", &SecretField::prefix, "How its values begin."),
        schema::field("plain", &SecretField::plain, "Whether it only names, such as a user or account."),
    };
};

enum class Place { header, query, basic, body };

/// Where a credential goes in a request. Templates name fields and settings in braces; text that a caller
/// supplies is never expanded.
struct Injection {
    Place place = Place::header;
    std::string name;   ///< of the header, parameter or member (may name a setting); empty for basic
    std::string value;  ///< template of the value; for basic of user-id:password before base64

    static constexpr auto fields = std::tuple{
        schema::field("place", &Injection::place, "header, query, basic (RFC 7617) or body."),
        schema::field("name", &Injection::name, "Name of the header, the parameter or the body's member."),
        schema::field("value", &Injection::value, "Template of the value."),
    };
};

/// One way to authenticate to a connector's service.
struct AuthMethod {
    std::string name;  ///< such as bearer
    std::string description;
    std::vector<SecretField> secrets;
    std::vector<Setting> settings;  ///< besides the connector's
    std::vector<Injection> injections;
    std::optional<Grant> grant;            ///< how {access_token} is got
    std::optional<std::string> signature;  ///< "aws_sigv4": the request is signed instead
    std::optional<Revocation> revocation;

    static constexpr auto fields = std::tuple{
        schema::field("name", &AuthMethod::name, "The method's name."),
        schema::field("description", &AuthMethod::description, "What kind of credential it takes."),
        schema::field("secrets", &AuthMethod::secrets, "The values a credential consists of.", {0, 8}),
        schema::field("settings", &AuthMethod::settings, "What else must be known."),
        schema::field("injections", &AuthMethod::injections, "Where the credential goes.", {0, 8}),
        schema::field("grant", &AuthMethod::grant, "How an access token is got."),
        schema::field("signature", &AuthMethod::signature, "How requests are signed: aws_sigv4."),
        schema::field("revocation", &AuthMethod::revocation, "How the credential is revoked there."),
    };

    /// Whether the field of this name is worth guarding: false for those that only name.
    bool is_secret(std::string_view field) const noexcept {
        for (const auto& secret : secrets) {
            if (secret.name == field) return !secret.plain.value_or(false);
        }
        return true;
    }
};

}  // namespace vault

template <>
struct schema::Names<vault::SettingKind> {
    static constexpr std::array names{std::pair{vault::SettingKind::host_label, "host_label"},
                                      std::pair{vault::SettingKind::host, "host"},
                                      std::pair{vault::SettingKind::name, "name"},
                                      std::pair{vault::SettingKind::pattern, "pattern"},
                                      std::pair{vault::SettingKind::text, "text"},
                                      std::pair{vault::SettingKind::url, "url"}};
};

template <>
struct schema::Names<vault::Place> {
    static constexpr std::array names{
        std::pair{vault::Place::header, "header"}, std::pair{vault::Place::query, "query"},
        std::pair{vault::Place::basic, "basic"}, std::pair{vault::Place::body, "body"}};
};
