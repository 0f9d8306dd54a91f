#include "base/error.hpp"
#include "http_syntax/url.hpp"

namespace http_syntax {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool begins_encoding(std::string_view text, std::size_t at) {
    return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
           hex_value(text[at + 2]) >= 0;
}

char decoded_at(std::string_view text, std::size_t at) {
    return static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool may_stand_in_path(char c) {
    return is_unreserved(c) || std::string_view{"!$&'()*+,=:@/"}.find(c) != std::string_view::npos;
}

[[noreturn]] void refuse(const char* why) {
    throw base::Error{base::Reason::forbidden, "path_not_allowed",
                      std::string{"the path is ambiguous: "} + why};
}

void check_characters(std::string_view path) {
    for (const char c : path) {
        if (c == '\\') refuse("it has a backslash");
        if (c == ';') refuse("it has a semicolon");
        if ((c >= 0 && c < 0x20) || c == 0x7f) refuse("it has a control character");
    }
}

void check_segments(std::string_view path) {
    for (std::size_t at = 0; at < path.size();) {
        const auto end = std::min(path.find('/', at + 1), path.size());
        const auto segment = path.substr(at + 1, end - at - 1);
        if (segment == "." || segment == "..") refuse("it has a dot segment");
        if (segment.empty() && end < path.size()) refuse("it has an empty segment");
        at = end;
    }
}

/// Some servers decode twice: to them such a path is another one than it was matched as.
void check_encoded_once(std::string_view path) {
    const auto decoded = percent_decode(path);
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        if (begins_encoding(decoded, i)) refuse("it is encoded twice");
    }
}

std::size_t slashes_in(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += c == '/';
    return count;
}

void append_encoded(std::string& text, char c) {
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
}

std::string normalized(std::string_view path) {
    std::string text;
    text.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool is_encoded = begins_encoding(path, i);
        const char c = is_encoded ? decoded_at(path, i) : path[i];
        if (is_encoded) i += 2;
        if (may_stand_in_path(c) && !(is_encoded && c == '/'))
            text += c;
        else
            append_encoded(text, c);
    }
    return text;
}

}  // namespace

std::string canonical_path(std::string_view path) {
    check_encoded_once(path);
    const auto decoded = percent_decode(path);
    for (const std::string_view form : {path, std::string_view{decoded}}) {
        check_characters(form);
        check_segments(form);
    }
    if (slashes_in(decoded) != slashes_in(path)) refuse("it has an encoded slash");
    return normalized(path);
}

std::string percent_encode(std::string_view text) {
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c))
            encoded += c;
        else
            append_encoded(encoded, c);
    }
    return encoded;
}

std::string percent_decode(std::string_view text, bool is_form) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (begins_encoding(text, i)) {
            decoded += decoded_at(text, i);
            i += 2;
        } else {
            decoded += is_form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

}  // namespace http_syntax
