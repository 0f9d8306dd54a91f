#include "redaction/encodings.hpp"

#include <string>

#include "crypto/encoding.hpp"

namespace redaction {
namespace {

/// The characters of a base64 text that depend on the secret alone when `offset` bytes stand before it.
std::string inner_part(std::string text, std::size_t size, std::size_t offset) {
    const auto begin = (offset * 8 + 5) / 6;
    const auto end = (offset + size) * 8 / 6;
    auto inner = text.substr(begin, end - begin);
    base::wipe(text);
    return inner;
}

std::string upper_hex(std::string text) {
    for (auto& c : text) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

void add(std::vector<base::Secret>& encodings, std::string text) {
    encodings.push_back(base::Secret::take(text));
}

}  // namespace

std::vector<base::Secret> encodings_of(std::string_view secret) {
    std::vector<base::Secret> encodings;
    if (secret.size() < least_size) return encodings;
    encodings.emplace_back(secret);
    for (std::size_t offset = 0; offset < 3; ++offset) {
        auto shifted = std::string(offset, '\0').append(secret);
        add(encodings, inner_part(crypto::base64_of(shifted), secret.size(), offset));
        add(encodings, inner_part(crypto::base64url_of(shifted), secret.size(), offset));
        base::wipe(shifted);
    }
    auto hex = crypto::hex_of(secret);
    add(encodings, upper_hex(hex));
    encodings.push_back(base::Secret::take(hex));
    return encodings;
}

}  // namespace redaction
