#include "bridge/settings.hpp"

#include <cstdlib>

#include "base/error.hpp"

namespace bridge {
namespace {

std::string text_of(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string required(const char* name) {
    auto text = text_of(name);
    if (text.empty()) {
        throw base::Error{base::Reason::invalid_input, "environment_invalid", std::string{"set "} + name};
    }
    return text;
}

bool is_loopback(std::string_view url) {
    return url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") ||
           url.starts_with("http://[::1]");
}

/// An origin alone means its /mcp.
std::string endpoint_of(std::string url) {
    if (!url.starts_with("https://") && !is_loopback(url)) {
        throw base::Error{base::Reason::invalid_input, "environment_invalid",
                          "GATEHOUSE_URL must be an https URL: a key is not sent in the clear"};
    }
    while (url.ends_with('/')) url.pop_back();
    const auto path = url.find('/', url.find("://") + 3);
    return path == std::string::npos ? url + "/mcp" : url;
}

}  // namespace

Settings Settings::from_environment() {
    auto key = required("GATEHOUSE_API_KEY");
    unsetenv("GATEHOUSE_API_KEY");
    return Settings{
        .endpoint = endpoint_of(required("GATEHOUSE_URL")),
        .api_key = base::Secret::take(key),
        .ca_file = text_of("GATEHOUSE_CA"),
    };
}

}  // namespace bridge
