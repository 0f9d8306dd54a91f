#include "base/config.hpp"

#include <toml++/toml.h>
#include <cstdlib>

#include "base/error.hpp"

namespace base {
namespace {

[[noreturn]] void refuse(const std::string& message) {
    throw Error{Reason::invalid_input, "configuration_invalid", message};
}

std::string text_at(const toml::table& table, std::string_view path, std::string fallback) {
    const auto node = table.at_path(path);
    if (!node) return fallback;
    if (const auto value = node.value<std::string>()) return *value;
    refuse("configuration: " + std::string{path} + " must be a string");
}

std::string required_text_at(const toml::table& table, std::string_view path) {
    auto text = text_at(table, path, "");
    if (text.empty()) refuse("configuration: " + std::string{path} + " is missing");
    return text;
}

int number_at(const toml::table& table, std::string_view path, int fallback) {
    const auto node = table.at_path(path);
    if (!node) return fallback;
    if (const auto value = node.value<int>(); value && *value > 0) return *value;
    refuse("configuration: " + std::string{path} + " must be a positive integer");
}

std::vector<std::string> texts_at(const toml::table& table, std::string_view path) {
    std::vector<std::string> texts;
    const auto node = table.at_path(path);
    if (!node) return texts;
    if (!node.is_array()) refuse("configuration: " + std::string{path} + " must be an array of strings");
    for (const auto& element : *node.as_array()) {
        const auto text = element.value<std::string>();
        if (!text) refuse("configuration: " + std::string{path} + " must be an array of strings");
        texts.push_back(*text);
    }
    return texts;
}

// A service manager hands a key over as a credential of the file's name: then only that copy is readable.
std::filesystem::path key_at(const toml::table& table, std::string_view path) {
    std::filesystem::path file = text_at(table, path, "");
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (file.empty() || !folder) return file;
    const auto credential = std::filesystem::path{folder} / file.filename();
    return std::filesystem::exists(credential) ? credential : file;
}

Config::OAuth oauth_at(const toml::table& table) {
    const auto preset = text_at(table, "oauth.registration", "open");
    if (preset != "open" && preset != "strict" && preset != "closed")
        refuse("configuration: oauth.registration must be open, strict or closed");
    return {.registration_closed = preset == "closed",
            .registration_burst = number_at(table, "oauth.registration_burst", preset == "strict" ? 5 : 20),
            .registration_per_hour = number_at(table, "oauth.registration_per_hour", 5),
            .registration_per_day = number_at(table, "oauth.registration_per_day", 10000)};
}

Config::SignIn sign_in_of(const toml::table& table) {
    Config::SignIn provider{
        .name = required_text_at(table, "name"),
        .title = text_at(table, "title", ""),
        .issuer = required_text_at(table, "issuer"),
        .client_id = required_text_at(table, "client_id"),
        .client_secret = key_at(table, "client_secret"),
    };
    if (provider.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        refuse("configuration: sign_in: a name consists of a-z, 0-9 and -");
    if (provider.title.empty())
        provider.title = provider.issuer == "https://accounts.google.com" ? "Google" : provider.name;
    return provider;
}

std::vector<Config::SignIn> sign_in_at(const toml::table& table) {
    std::vector<Config::SignIn> providers;
    const auto node = table["sign_in"];
    if (!node) return providers;
    if (!node.is_array_of_tables()) refuse("configuration: sign_in must be written as [[sign_in]]");
    for (const auto& element : *node.as_array()) providers.push_back(sign_in_of(*element.as_table()));
    return providers;
}

Config::Tokens tokens_at(const toml::table& table) {
    const Config::Tokens usual;
    return {
        .signing_algorithm = text_at(table, "oauth.signing_algorithm", usual.signing_algorithm),
        .signing_period = number_at(table, "oauth.signing_period", usual.signing_period),
        .signing_lead = number_at(table, "oauth.signing_lead", usual.signing_lead),
        .access_token_lifetime = number_at(table, "oauth.access_token_lifetime", usual.access_token_lifetime),
        .refresh_token_idle = number_at(table, "oauth.refresh_token_idle", usual.refresh_token_idle),
        .refresh_grace = number_at(table, "oauth.refresh_grace", usual.refresh_grace),
    };
}

toml::table parse(const std::filesystem::path& file) {
    try {
        return toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        refuse("configuration: " + file.string() + ": " + std::string{error.description()});
    }
}

}  // namespace

Config Config::load() {
    const char* file = std::getenv("GATEHOUSE_CONFIG");
    return load(file ? file : "/etc/gatehouse/gatehouse.toml");
}

Config Config::load(const std::filesystem::path& file) {
    const auto table = parse(file);
    return Config{
        .public_url = required_text_at(table, "public_url"),
        .allowed_hosts = texts_at(table, "allowed_hosts"),
        .allowed_origins = texts_at(table, "allowed_origins"),
        .database =
            {
                .host = required_text_at(table, "database.host"),
                .name = text_at(table, "database.name", "gatehouse"),
                .port = number_at(table, "database.port", 5432),
                .pool = number_at(table, "database.pool", 4),
            },
        .internal_socket = text_at(table, "internal.socket", ""),
        .keys =
            {
                .vault = key_at(table, "keys.vault"),
                .request_state = key_at(table, "keys.request_state"),
                .account = key_at(table, "keys.account"),
                .signing = key_at(table, "keys.signing"),
            },
        .tokens = tokens_at(table),
        .egress =
            {
                .allow = texts_at(table, "egress.allow"),
                .ca = text_at(table, "egress.ca", ""),
                .connectors = text_at(table, "egress.connectors", ""),
            },
        .oauth = oauth_at(table),
        .mail =
            {
                .from = text_at(table, "mail.from", "Gatehouse <gatehouse@localhost>"),
                .smtp = text_at(table, "mail.smtp", ""),
                .user = text_at(table, "mail.user", ""),
                .password = key_at(table, "mail.password"),
                .folder = text_at(table, "mail.folder", ""),
            },
        .sign_in = sign_in_at(table),
        .pages = text_at(table, "pages", "/usr/share/gatehouse/pages"),
        .sql = text_at(table, "sql", "/usr/share/gatehouse/sql"),
    };
}

}  // namespace base
