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
    if (c == '\n') return "\\n";
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

std::string escaped(const char* format, char c) { return formatted(format, static_cast<unsigned char>(c)); }

constexpr std::array escapes{"%%%02x", "\\u%04x", "&#%u;", "&#x%x;"};

/// Some characters escaped in one way, and those that the way cannot do without.
std::string partly_escaped(std::string_view secret, std::size_t kind, Random& random) {
    const char mark = "%\\&&"[kind];
    const auto surely = random() % secret.size();
    std::string text;
    for (std::size_t i = 0; i < secret.size(); ++i) {
        const bool is_escaped = i == surely || secret[i] == mark || random() % 8 == 0;
        text += is_escaped ? escaped(escapes[kind], secret[i]) : std::string(1, secret[i]);
    }
    return text;
}

/// One half of the characters that are escaped in one way, the other in another one.
std::string escaped_in_two_ways(std::string_view secret, Random& random) {
    const auto first = random() % escapes.size();
    const auto second = random() % escapes.size();
    if (secret.find_first_of("%\\&") != std::string_view::npos) return partly_escaped(secret, first, random);
    std::string text;
    for (const char c : secret) {
        const auto kind = random() % 2 ? first : second;
        text += random() % 4 ? std::string(1, c) : escaped(escapes[kind], c);
    }
    return text;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Disguise& disguise) { return stream << disguise.name; }

std::vector<Disguise> disguises() {
    const auto percent = [](const char* format) {
        return [format](unsigned char c, Random&) {
            return is_unreserved(c) ? std::string(1, static_cast<char>(c)) : formatted(format, c);
        };
    };
    const Writer form = [percent](unsigned char c, Random& random) {
        return c == ' ' ? "+" : percent("%%%02X")(c, random);
    };
    const auto each = [](const Writer& write) {
        return [write](const std::string& text, Random& random) {
            std::string written;
            for (const char c : text) written += write(static_cast<unsigned char>(c), random);
            return written;
        };
    };
    const auto partly = [](std::string_view secret, Random& random) {
        return partly_escaped(secret, random() % escapes.size(), random);
    };
    const auto within = [partly](std::string name, auto write) {
        return Disguise{std::move(name), [=](std::string_view secret, Random& random) {
                            return write(partly(secret, random), random);
                        }};
    };
    return {
        {"partly escaped", partly},
        {"escaped in two ways", escaped_in_two_ways},
        within("partly escaped within a URL", each(percent("%%%02X"))),
        within("partly escaped within JSON", each(json_character)),
        within("partly escaped within HTML", each(html_character)),
        {"JSON within HTML",
         [each](std::string_view secret, Random& random) {
             return each(html_character)(each(json_character)(std::string{secret}, random), random);
         }},
        {"JSON within a form",
         [each, form](std::string_view secret, Random& random) {
             return each(form)(each(json_character)(std::string{secret}, random), random);
         }},
        {"HTML within a form",
         [each, form](std::string_view secret, Random& random) {
             return each(form)(each(html_character)(std::string{secret}, random), random);
         }},
        {"raw", [](std::string_view secret, Random&) { return std::string{secret}; }},
        {"header", [](std::string_view secret, Random&) { return "Bearer " + std::string{secret}; }},
        by_character("percent", percent("%%%02X")),
        by_character("lower percent", percent("%%%02x")),
        by_character("every character percent",
                     [](unsigned char c, Random&) { return formatted("%%%02x", c); }),
        by_character("form", form),
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
    constexpr std::string_view odd = "-._~+/=!@#$%^&*():;,<>?|\\\"' []{}\n";
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

}  // namespace test
