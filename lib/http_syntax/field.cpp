#include "http_syntax/field.hpp"

#include <algorithm>

namespace http_syntax {

std::string lower(std::string_view text) {
    std::string copy{text};
    for (auto& c : copy) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return copy;
}

bool is_field_name(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view value) noexcept {
    return value.size() <= field_value_limit && std::none_of(value.begin(), value.end(), [](char c) {
               return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
           });
}

}  // namespace http_syntax
