#include "support/disguise.hpp"

#include <array>
#include <cstdio>

namespace test {
namespace {

using Random = std::mt19937;
using Writer = std::function<std::string(unsigned char c, Random& random)>;

std::string formatted(const char* format, unsigned value) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

bool is_unreserved(unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

Disguise by_character(std::string name, Writer write) {
    return {std::move(name), [write = std::move(write)](std::string_view secret, Random& random) {
                std::string text;
                for (const char c : secret) text += write(static_cast<unsigned char>(c), random);
                return text;
            }};
}

std::string base64(std::string_view bytes, const char* digits, bool padded) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        const auto count = std::min<std::size_t>(3, bytes.size() - at) + 1;
        for (std::size_t i = 0; i < 4; ++i) {
            if (i < count)
                text += digits[group >> (18 - 6 * i) & 63];
            else if (padded)
                text += '=';
        }
    }
    return text;
}

constexpr auto standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr auto url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

Disguise in_base64(std::string name, std::string before, bool is_url) {
    return {std::move(name), [before = std::move(before), is_url](std::string_view secret, Random& random) {
                auto bytes = before + std::string{secret};
                bytes += std::string(random() % 3, 'z');
                return base64(bytes, is_url ? url_safe : standard, !is_url);
            }};
}

/// Some digits of the one alphabet, some of the other.
std::string in_mixed_alphabets(std::string text, Random& random) {
    for (auto& c : text) {
        if (random() % 2 == 0) continue;
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return text;
}

std::string in_mixed_case(std::string text, Random& random) {
    for (auto& c : text) {
        if (random() % 2 == 0) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return text;
}

std::string in_lines(const std::string& text, std::size_t columns, const std::string& line_break) {
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += columns) {
        if (at > 0) lines += line_break;
        lines += text.substr(at, columns);
    }
    return lines;
}

/// Base64 or hexadecimal with other bytes before and behind, broken into lines.
Disguise wrapped(std::string name, std::size_t columns, std::string line_break, bool is_hex = false) {
    return {std::move(name), [=](std::string_view secret, Random& random) {
                auto bytes =
                    std::string(random() % 70, 'u') + std::string{secret} + std::string(random() % 70, 'z');
                if (is_hex) {
                    std::string digits;
                    for (const char c : bytes) digits += formatted("%02x", static_cast<unsigned char>(c));
                    return in_lines(digits, columns, line_break);
                }
                return in_lines(in_mixed_alphabets(base64(bytes, standard, true), random), columns,
                                line_break);
            }};
}

std::string json_character(unsigned char c, Random&) {
    if (c == '"' || c == '\\' || c == '/') return std::string{"\\"} + static_cast<char>(c);
    return std::string(1, static_cast<char>(c));
}

std::string html_character(unsigned char c, Random&) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return std::string(1, static_cast<char>(c));
    }
}

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
            bytes += text[++at];
        }
    }
    return bytes;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Disguise& disguise) { return stream << disguise.name; }

std::vector<Disguise> disguises() {
    const auto percent = [](const char* format) {
        return [format](unsigned char c, Random&) {
            return is_unreserved(c) ? std::string(1, static_cast<char>(c)) : formatted(format, c);
        };
    };
    return {
        {"raw", [](std::string_view secret, Random&) { return std::string{secret}; }},
        {"header", [](std::string_view secret, Random&) { return "Bearer " + std::string{secret}; }},
        by_character("percent", percent("%%%02X")),
        by_character("lower percent", percent("%%%02x")),
        by_character("every character percent",
                     [](unsigned char c, Random&) { return formatted("%%%02x", c); }),
        by_character("form",
                     [percent](unsigned char c, Random& random) {
                         return c == ' ' ? "+" : percent("%%%02X")(c, random);
                     }),
        by_character("json", json_character),
        by_character("json unicode", [](unsigned char c, Random&) { return formatted("\\u%04x", c); }),
        by_character("json upper unicode", [](unsigned char c, Random&) { return formatted("\\u%04X", c); }),
        by_character("json mixed",
                     [](unsigned char c, Random& random) {
                         return random() % 3 == 0 ? formatted("\\u%04x", c) : json_character(c, random);
                     }),
        by_character("html", html_character),
        in_base64("base64", "", false),
        in_base64("base64 behind one", "u", false),
        in_base64("base64 behind two", "u:", false),
        in_base64("base64 of user and password", "user:", false),
        in_base64("base64url", "", true),
        in_base64("base64url behind one", "u", true),
        in_base64("base64url behind two", "u:", true),
        {"base64 of mixed alphabets",
         [](std::string_view secret, Random& random) {
             return in_mixed_alphabets(base64("u" + std::string{secret}, standard, true), random);
         }},
        wrapped("base64 in lines", 76, "\r\n"),
        wrapped("base64 in lines of PEM", 64, "\n"),
        wrapped("base64 in indented lines", 60, "\n      "),
        wrapped("base64 in lines within JSON", 76, "\\r\\n"),
        wrapped("base64 in lines within a form", 76, "%0D%0a"),
        wrapped("hex in lines", 64, "\n", true),
        by_character("mixed hex", [](unsigned char c,
                                     Random& random) { return in_mixed_case(formatted("%02x", c), random); }),
        by_character("mixed percent",
                     [](unsigned char c, Random& random) {
                         return '%' + in_mixed_case(formatted("%02x", c), random);
                     }),
        by_character("hex", [](unsigned char c, Random&) { return formatted("%02x", c); }),
        by_character("upper hex", [](unsigned char c, Random&) { return formatted("%02X", c); }),
    };
}

std::string random_secret(Random& random) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    constexpr std::string_view odd = "-._~+/=!@#$%^&*():;,<>?|\\\"' []{}";
    std::string secret;
    const auto size = 8 + random() % 73;
    const auto oddness = random() % 3;
    while (secret.size() < size) {
        const bool is_odd = oddness != 0 && random() % 5 < oddness;
        secret += is_odd ? odd[random() % odd.size()] : plain[random() % plain.size()];
    }
    return secret;
}

std::string random_text(Random& random) {
    constexpr std::array parts{
        "{\"a\":\"", "\\\"",         "\\\\",     "\\n",     "%20", "%", "&amp;", "&",
        "<b>",       "lorem ipsum ", "dGV4dA==", "\\u00fc", "+",   "=", "\n",    "0123456789abcdef",
        " ",         "\xc3\xa4"};
    std::string text;
    const auto size = random() % 300;
    while (text.size() < size) text += parts[random() % parts.size()];
    return text + "|";
}

namespace {

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
