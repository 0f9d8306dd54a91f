#include "vault/connector_check.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/method.hpp"
#include "http_syntax/url.hpp"
#include "vault/grant_check.hpp"
#include "vault/origin.hpp"
#include "vault/placeholder.hpp"
#include "vault/request_pattern.hpp"

namespace vault {
namespace {

using Names = std::set<std::string>;

constexpr std::size_t text_limit = 2000;

bool is_https_url(const std::string& text) {
    try {
        return http_syntax::parse_url(text).scheme == "https";
    } catch (const base::Error&) {
        return false;
    }
}

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "connector_invalid", why};
}

std::string example_of(const Setting& setting) {
    switch (setting.kind) {
        case SettingKind::host_label:
            return "example";
        case SettingKind::host:
            return "example.com";
        case SettingKind::name:
            return "X-Example";
        case SettingKind::pattern:
            return "Key {secret}";
        case SettingKind::text:
            return "example";
        case SettingKind::url:
            return "https://auth.example.com/token";
    }
    return "";
}

std::map<std::string, std::string> examples_of(const std::vector<Setting>& settings) {
    std::map<std::string, std::string> values;
    for (const auto& setting : settings) {
        if (setting.fallback) check_setting(setting, *setting.fallback);
        values[setting.name] = example_of(setting);
    }
    return values;
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& values) {
    return fill_in(text, [&](const std::string& name) {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : &found->second;
    });
}

void check_field(const std::string& name, const std::string& value) {
    if (!http_syntax::is_field_name(name) || !http_syntax::is_field_value(value))
        refuse("header " + name + " is not well formed");
    if (is_reserved_field(http_syntax::lower(name))) refuse("header " + name + " is reserved");
}

void check_injection(const Injection& injection, const std::map<std::string, std::string>& settings,
                     const Names& secrets, Names& used) {
    const auto name = filled(injection.name, settings);
    const auto value = filled(injection.value, settings);
    for (const auto& placeholder : placeholders_of(value)) {
        if (!secrets.contains(placeholder)) refuse("{" + placeholder + "} names nothing");
        used.insert(placeholder);
    }
    if (injection.place == Place::header) check_field(name, "x");
    if ((injection.place == Place::query || injection.place == Place::body) && name.empty())
        refuse("a parameter without a name");
    if (injection.place == Place::basic && !name.empty()) refuse("basic takes no name");
    if (injection.place == Place::basic && value.find(':') == std::string::npos)
        refuse("basic needs user-id:password");
}

void check_method(const AuthMethod& method, std::map<std::string, std::string> settings) {
    settings.merge(examples_of(method.settings));
    Names secrets;
    for (const auto& secret : method.secrets) {
        if (!secrets.insert(secret.name).second) refuse("secret " + secret.name + " is listed twice");
    }
    auto used = check_grant_parts(method, settings, secrets);
    if (method.injections.empty() != method.signature.has_value())
        refuse("auth method " + method.name + " needs either injections or a signature");
    if (method.grant) secrets.insert("access_token");
    for (const auto& injection : method.injections) check_injection(injection, settings, secrets, used);
    if (used != secrets) refuse("auth method " + method.name + " does not use all of its secrets");
}

void check_verification(const Verification& verify, const std::map<std::string, std::string>& settings) {
    if (!http_syntax::find_method(verify.method)) refuse("verify.method is none");
    const auto target = filled(verify.path, settings);
    if (!target.starts_with('/')) refuse("verify.path must begin with a slash");
    const auto path = target.substr(0, target.find('?'));
    if (http_syntax::canonical_path(path) != path) refuse("verify.path is not canonical");
    for (const int status : verify.invalid) {
        if (status == 403 || status == 429 || status >= 500)
            refuse("verify.invalid: " + std::to_string(status) + " never means that a credential is invalid");
    }
    if (verify.invalid_errors.empty() == verify.error_member.has_value())
        refuse("verify.error_member and verify.invalid_errors belong together");
}

void check_rate_limits(const Connector& connector) {
    int naming = 0;
    for (const auto& rule : connector.rate_limits) {
        const auto headers = rule.limit + rule.remaining + rule.reset + rule.bucket_header.value_or("");
        if (http_syntax::lower(headers) != headers) refuse("rate_limits: header names must be in lower case");
        naming += rule.is_naming() ? 1 : 0;
        if (!rule.buckets) continue;
        if (!rule.is_naming()) refuse("rate_limits: buckets need a header that names them");
        for (const auto& bucket : *rule.buckets) {
            for (const auto& request : bucket.requests) check_request_pattern(request);
        }
    }
    if (naming > 1) refuse("rate_limits: one rule at most has several buckets");
}

void check_secret_endpoint(const Connector& connector, const SecretEndpoint& endpoint) {
    check_request_pattern(endpoint.request);
    if (endpoint.auth_method) connector.auth_method(*endpoint.auth_method);
    if (endpoint.secret && !endpoint.secret->starts_with('/'))
        refuse("secret_endpoints: a JSON pointer begins with a slash");
    if (!endpoint.when) return;
    if (endpoint.secret)
        refuse("secret_endpoints: of what is told apart by more than its path nothing is kept");
    for (const auto& selector : *endpoint.when) check_selector(selector);
}

}  // namespace

bool is_reserved_field(std::string_view name) noexcept {
    static constexpr std::array names{
        std::string_view{"host"},
        std::string_view{"cookie"},
        std::string_view{"connection"},
        std::string_view{"keep-alive"},
        std::string_view{"te"},
        std::string_view{"trailer"},
        std::string_view{"upgrade"},
        std::string_view{"transfer-encoding"},
        std::string_view{"expect"},
        std::string_view{"content-length"},
        std::string_view{"forwarded"},
        std::string_view{"x-real-ip"},
        std::string_view{"via"},
        std::string_view{"x-http-method-override"},
        std::string_view{"x-method-override"},
        std::string_view{"x-http-method"},
        std::string_view{"x-original-url"},
        std::string_view{"x-rewrite-url"},
        std::string_view{"accept-encoding"},
        std::string_view{"http2-settings"},
    };
    return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("proxy-") ||
           name.starts_with("x-forwarded-");
}

void check_setting(const Setting& setting, const std::string& value) {
    const auto host = http_syntax::canonical_host(value);
    bool is_good = false;
    switch (setting.kind) {
        case SettingKind::host_label:
            is_good = host == value && value.find_first_of("._") == std::string::npos;
            break;
        case SettingKind::host:
            is_good =
                host == value && value.find('.') != std::string::npos && !http_syntax::is_address(value);
            break;
        case SettingKind::name:
            is_good = http_syntax::is_field_name(value) && !is_reserved_field(http_syntax::lower(value));
            break;
        case SettingKind::pattern:
            is_good = http_syntax::is_field_value(value) &&
                      placeholders_of(value) == std::vector<std::string>{"secret"};
            break;
        case SettingKind::text:
            is_good = http_syntax::is_field_value(value) && value.size() <= text_limit;
            break;
        case SettingKind::url:
            is_good = is_https_url(value) || (value.empty() && setting.fallback == value);
            break;
    }
    if (is_good) return;
    throw base::Error{base::Reason::invalid_input, "invalid_setting",
                      "setting " + setting.name + " is not well formed: " + setting.description};
}

void check_connector(const Connector& connector) {
    const auto settings = examples_of(connector.settings);
    for (const auto& origin : connector.origins) parse_origin(filled(origin, settings));
    for (const auto& method : connector.auth) check_method(method, settings);
    for (const auto& [name, value] : connector.fixed_headers) check_field(name, value);
    for (const auto& name : connector.reserved_headers) {
        if (!http_syntax::is_field_name(name)) refuse("reserved_headers: " + name + " is no header's name");
    }
    if (connector.verify) check_verification(*connector.verify, settings);
    for (const auto& endpoint : connector.secret_endpoints) check_secret_endpoint(connector, endpoint);
    check_rate_limits(connector);
}

}  // namespace vault
