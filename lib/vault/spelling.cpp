#include "vault/spelling.hpp"

#include <algorithm>

#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"

namespace vault {
namespace {

constexpr char any_character = '?';

bool is_like(char found, char wanted) noexcept { return found == wanted || found == any_character; }

bool is_like(std::string_view found, std::string_view wanted) noexcept {
    return std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(),
                      [](char one, char other) { return is_like(one, other); });
}

std::size_t find_like(std::string_view text, std::string_view wanted) noexcept {
    const auto found = std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                                   [](char one, char other) { return is_like(one, other); });
    return found == text.end() && !wanted.empty() ? std::string_view::npos
                                                  : static_cast<std::size_t>(found - text.begin());
}

/// %u0041, as some servers by Microsoft read it.
bool is_wide_escape(std::string_view text) noexcept {
    return text.size() >= 6 && text.starts_with("%u") &&
           text.substr(2, 4).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::pair<std::string_view, std::string_view> parts_of(std::string_view pattern) noexcept {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return {pattern, {}};
    return {pattern.substr(0, star), pattern.substr(star + 1)};
}

}  // namespace

std::string wholly_decoded(std::string_view text) {
    std::string decoded;
    for (const char c : text) {
        decoded += c;
        while (decoded.size() >= 3 && decoded[decoded.size() - 3] == '%') {
            const auto shortened =
                http_syntax::percent_decode(std::string_view{decoded}.substr(decoded.size() - 3));
            if (shortened.size() != 1) break;
            decoded.replace(decoded.size() - 3, 3, shortened);
        }
    }
    return decoded;
}

std::string plain_text(std::string_view text) {
    const auto decoded = http_syntax::lower(wholly_decoded(text));
    std::string plain;
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        const auto byte = static_cast<unsigned char>(decoded[at]);
        if (is_wide_escape(std::string_view{decoded}.substr(at))) {
            plain += any_character;
            at += 5;
        } else if (byte >= 0x80) {
            if (byte >= 0xC0) plain += any_character;
        } else if (byte > ' ' && byte != 0x7f) {
            plain += decoded[at];
        }
    }
    return plain;
}

bool resembles(std::string_view pattern, std::string_view plain) noexcept {
    if (pattern.find('*') == std::string_view::npos) return is_like(plain, pattern);
    const auto [before, behind] = parts_of(pattern);
    return plain.size() >= before.size() + behind.size() && is_like(plain.substr(0, before.size()), before) &&
           is_like(plain.substr(plain.size() - behind.size()), behind);
}

bool may_contain(std::string_view plain, std::string_view pattern) noexcept {
    const auto [before, behind] = parts_of(pattern);
    const auto at = find_like(plain, before);
    return at != std::string_view::npos &&
           find_like(plain.substr(at + before.size()), behind) != std::string_view::npos;
}

}  // namespace vault
