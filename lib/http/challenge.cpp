#include "http/challenge.hpp"

#include <utility>

namespace http {

std::string quoted_string(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    out += '"';
    return out;
}

std::string BearerChallenge::text() const {
    const std::pair<std::string_view, std::string_view> parameters[] = {
        {"realm", realm},
        {"error", error},
        {"error_description", error_description},
        {"scope", scope},
        {"resource_metadata", resource_metadata},
    };
    std::string out = "Bearer";
    std::string_view separator = " ";
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        out += separator;
        out += name;
        out += '=';
        out += quoted_string(value);
        separator = ", ";
    }
    return out;
}

}  // namespace http
