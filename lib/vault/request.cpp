#include "vault/request.hpp"

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "vault/connector_check.hpp"
#include "vault/origin.hpp"
#include "vault/placeholder.hpp"

namespace vault {
namespace {

using Settings = std::map<std::string, std::string>;

constexpr std::size_t origins_limit = 16;
constexpr std::size_t multiline_limit = 16 * 1024;

[[noreturn]] void refuse(const char* code, const std::string& message) {
    throw base::Error{base::Reason::invalid_input, code, message};
}

void check_name(const std::string& name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    const bool begins_well = !name.empty() && letters.find(name.front()) < 36;
    if (begins_well && name.size() <= 64 && name.find_first_not_of(letters) == std::string::npos) return;
    refuse("invalid_service_name",
           "a service's name is 1 to 64 of a-z 0-9 _ . - and begins with a letter or digit");
}

void take_setting(Settings& taken, Settings& given, const Setting& setting, bool by_operator) {
    auto found = given.extract(setting.name);
    if (found && setting.kind == SettingKind::url && !by_operator)
        refuse("operator_only_setting",
               "setting " + setting.name + " is for the operator's command line alone");
    if (!found && !setting.fallback)
        refuse("invalid_setting", "setting " + setting.name + " is required: " + setting.description);
    auto value = found ? std::move(found.mapped()) : *setting.fallback;
    check_setting(setting, value);
    taken.emplace(setting.name, std::move(value));
}

Settings take_settings(const Connector& connector, const AuthMethod& method, Settings given,
                       bool by_operator) {
    Settings taken;
    for (const auto& setting : connector.settings) take_setting(taken, given, setting, by_operator);
    for (const auto& setting : method.settings) take_setting(taken, given, setting, by_operator);
    if (!given.empty())
        refuse("invalid_setting", "connector " + connector.id + " has no setting " + given.begin()->first);
    return taken;
}

std::vector<std::string> origins_of(const Connector& connector, const NewService& request,
                                    const Settings& settings) {
    if (!connector.origins.empty() && !request.origins.empty())
        refuse("invalid_origin", "connector " + connector.id + " has its own origins");
    if (connector.origins.empty() && request.origins.empty())
        refuse("invalid_origin", "connector " + connector.id + " needs at least one origin");
    std::vector<std::string> origins;
    for (const auto& text : connector.origins.empty() ? request.origins : connector.origins) {
        const auto filled = fill_in(text, [&](const std::string& name) { return &settings.at(name); });
        const auto url = parse_origin(filled);
        origins.push_back(url.path == "/" ? url.origin() : url.text());
    }
    if (origins.size() > origins_limit) refuse("invalid_origin", "a service has at most 16 origins");
    return origins;
}

bool is_fit(const SecretField& field, std::string_view value) {
    if (!field.multiline.value_or(false)) return http_syntax::is_field_value(value);
    return value.size() <= multiline_limit && value.find('\0') == std::string_view::npos;
}

}  // namespace

CheckedService check_service(const ConnectorCatalog& connectors, const NewService& request) {
    check_name(request.name);
    const auto& connector = connectors.require(request.connector);
    const auto& method = connector.auth_method(request.auth_method);
    auto settings = take_settings(connector, method, request.settings, request.by_operator);
    auto origins = origins_of(connector, request, settings);
    return {connector.id, method.name, std::move(origins), std::move(settings)};
}

void check_secrets(const AuthMethod& method, const Secrets& secrets) {
    for (const auto& field : method.secrets) {
        const auto found = secrets.find(field.name);
        if (found == secrets.end() || found->second.empty())
            refuse("invalid_secret", "secret " + field.name + " is missing: " + field.description);
        if (!is_fit(field, found->second.reveal()))
            refuse("invalid_secret", "secret " + field.name + " is too long or has a line break in it");
    }
    if (secrets.size() != method.secrets.size())
        refuse("invalid_secret", "auth method " + method.name + " takes fewer secrets");
}

Secrets read_secrets(const AuthMethod& method, const base::Secret& text) {
    auto rest = text.reveal();
    if (rest.ends_with('\n')) rest.remove_suffix(1);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    Secrets secrets;
    if (method.secrets.size() == 1) {
        secrets.emplace(method.secrets.front().name, base::Secret{rest});
        return secrets;
    }
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            refuse("invalid_secret", "auth method " + method.name + " takes one name=value a line");
        const auto value = line.substr(equals + 1);
        secrets.emplace(line.substr(0, equals),
                        base::Secret{value.substr(0, value.find_last_not_of('\r') + 1)});
    }
    return secrets;
}

}  // namespace vault
