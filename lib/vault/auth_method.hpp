#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "schema/field.hpp"

namespace vault {

/// What a setting's value may be. Settings are not secret; each is checked when a service is created.
enum class SettingKind {
    host_label,  ///< one label of a host name: lower-case letters, digits, inner hyphens
    host,        ///< a host name of at least two labels
    name,        ///< a header or query parameter name (RFC 9110 token)
    pattern,     ///< printable ASCII with the placeholder {secret} once, such as "ApiKey {secret}"
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

    static constexpr auto fields = std::tuple{
        schema::field("name", &SecretField::name, "The name used in braces."),
        schema::field("description", &SecretField::description, "What it is, for the operator."),
    };
};

enum class Place { header, query, basic };

/// Where a credential goes in a request. Templates name fields and settings in braces; text that a caller
/// supplies is never expanded.
struct Injection {
    Place place = Place::header;
    std::string name;   ///< of the header or query parameter (may name a setting); empty for basic
    std::string value;  ///< template of the value; for basic of user-id:password before base64

    static constexpr auto fields = std::tuple{
        schema::field("place", &Injection::place, "header, query or basic (RFC 7617)."),
        schema::field("name", &Injection::name, "Name of the header or parameter."),
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

    static constexpr auto fields = std::tuple{
        schema::field("name", &AuthMethod::name, "The method's name."),
        schema::field("description", &AuthMethod::description, "What kind of credential it takes."),
        schema::field("secrets", &AuthMethod::secrets, "The values a credential consists of.", {1, 8}),
        schema::field("settings", &AuthMethod::settings, "What else must be known."),
        schema::field("injections", &AuthMethod::injections, "Where the credential goes.", {1, 8}),
    };
};

}  // namespace vault

template <>
struct schema::Names<vault::SettingKind> {
    static constexpr std::array names{
        std::pair{vault::SettingKind::host_label, "host_label"}, std::pair{vault::SettingKind::host, "host"},
        std::pair{vault::SettingKind::name, "name"}, std::pair{vault::SettingKind::pattern, "pattern"}};
};

template <>
struct schema::Names<vault::Place> {
    static constexpr std::array names{std::pair{vault::Place::header, "header"},
                                      std::pair{vault::Place::query, "query"},
                                      std::pair{vault::Place::basic, "basic"}};
};
