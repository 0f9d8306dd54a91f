#include <cstdlib>

#include "support/disguise.hpp"

namespace test {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int value_of(char c) {
    for (int i = 0; i < 64; ++i) {
        if (standard[i] == c || url_safe[i] == c) return i;
    }
    return -1;
}

std::string from_base64(std::string_view text, std::size_t skipped) {
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    std::size_t digits = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) {
            bytes += '\n', count = 0, digits = 0;
            continue;
        }
        if (digits++ < skipped) continue;
        bits = bits << 6 | static_cast<unsigned>(value);
        if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xff);
    }
    return bytes;
}

int hex_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = static_cast<char>(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string from_hex(std::string_view text, std::size_t skipped) {
    std::string bytes;
    for (std::size_t at = skipped; at + 1 < text.size();) {
        const int high = hex_of(text[at]);
        const int low = hex_of(text[at + 1]);
        if (high < 0) {
            bytes += '\n', ++at;
            at += 0;
            continue;
        }
        bytes += low < 0 ? '\n' : static_cast<char>(high * 16 + low);
        at += low < 0 ? 1 : 2;
    }
    return bytes;
}

std::string from_percent(std::string_view text, bool is_form) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_escape = text[at] == '%' && at + 2 < text.size() + 0 && hex_of(text[at + 1]) >= 0 &&
                               hex_of(text[at + 2]) >= 0;
        if (is_escape) {
            bytes += static_cast<char>(hex_of(text[at + 1]) * 16 + hex_of(text[at + 2]));
            at += 2;
        } else {
            bytes += is_form && text[at] == '+' ? ' ' : text[at];
        }
    }
    return bytes;
}

std::string from_json(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            bytes += text[at];
        } else if (text[at + 1] == 'u' && at + 5 < text.size()) {
            bytes +=
                static_cast<char>(std::strtoul(std::string{text.substr(at + 2, 4)}.c_str(), nullptr, 16));
            at += 5;
        } else {
            const char c = text[++at];
            bytes += c == 'n' ? '\n' : c;
        }
    }
    return bytes;
}

std::string without(std::string_view text, std::string_view part) {
    std::string rest;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part)) {
        rest += text.substr(0, at);
        text.remove_prefix(at + part.size());
    }
    return rest += text;
}

bool holds(std::string_view text, std::string_view secret, bool is_joined) {
    const auto is_in = [&](const std::string& decoded) { return decoded.find(secret) != std::string::npos; };
    for (std::size_t skipped = 0; skipped < 4; ++skipped) {
        if (is_in(from_base64(text, skipped)) || (skipped < 2 && is_in(from_hex(text, skipped)))) return true;
    }
    if (!is_joined) {
        for (const std::string_view line_break : {"\r\n", "\n      ", "\n", "\\r\\n", "%0D%0a"}) {
            if (text.find(line_break) != std::string_view::npos &&
                holds(without(text, line_break), secret, true))
                return true;
        }
    }
    return is_in(std::string{text}) || is_in(from_percent(text, false)) || is_in(from_percent(text, true)) ||
           is_in(from_json(text));
}

}  // namespace

bool holds(std::string_view text, std::string_view secret) { return holds(text, secret, false); }

}  // namespace test
