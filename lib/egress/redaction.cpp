#include "egress/redaction.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "http_syntax/url.hpp"

namespace egress {
namespace {

constexpr std::string_view replacement = "[redacted]";

std::string json_escaped(std::string_view text, bool escapes_slash) {
    std::string escaped;
    for (const char c : text) {
        if (c == '"' || c == '\\' || (c == '/' && escapes_slash)) escaped += '\\';
        if (c == '\t')
            escaped += "\\t";
        else
            escaped += c;
    }
    return escaped;
}

std::string lower_percent(std::string text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        if (text[i] != '%') continue;
        for (const auto k : {i + 1, i + 2}) {
            if (text[k] >= 'A' && text[k] <= 'F') text[k] = static_cast<char>(text[k] + 32);
        }
    }
    return text;
}

/// The characters of a base64 text that depend on the secret alone when `offset` bytes stand before it.
template <class Encode>
std::string inner_base64(std::string_view secret, std::size_t offset, Encode encode) {
    const auto text = encode(std::string(offset, '\0').append(secret));
    const auto begin = (offset * 8 + 5) / 6;
    const auto end = (offset + secret.size()) * 8 / 6;
    return text.substr(begin, end - begin);
}

}  // namespace

void Redaction::add_pattern(std::string_view pattern) {
    const bool is_there = std::any_of(patterns_.begin(), patterns_.end(),
                                      [&](const auto& known) { return known.reveal() == pattern; });
    if (is_there || pattern.size() < least_size) return;
    patterns_.emplace_back(pattern);
    std::stable_sort(patterns_.begin(), patterns_.end(), [](const auto& left, const auto& right) {
        return left.reveal().size() > right.reveal().size();
    });
}

void Redaction::add(std::string_view secret) {
    if (secret.size() < least_size) return;
    add_pattern(secret);
    const auto percent = http_syntax::percent_encode(secret);
    add_pattern(percent);
    add_pattern(lower_percent(percent));
    add_pattern(json_escaped(secret, false));
    add_pattern(json_escaped(secret, true));
    for (std::size_t offset = 0; offset < 3; ++offset) {
        add_pattern(inner_base64(secret, offset, crypto::base64_of));
        add_pattern(inner_base64(secret, offset, crypto::base64url_of));
    }
    const auto hex = crypto::hex_of(secret);
    add_pattern(hex);
    auto upper_hex = hex;
    for (auto& c : upper_hex) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 32);
    }
    add_pattern(upper_hex);
}

int Redaction::apply(std::string& text) const {
    int count = 0;
    for (const auto& pattern : patterns_) {
        for (std::size_t at = 0; (at = text.find(pattern.reveal(), at)) != std::string::npos;) {
            text.replace(at, pattern.reveal().size(), replacement);
            at += replacement.size();
            ++count;
        }
    }
    return count;
}

}  // namespace egress
