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

void add(std::vector<Encoding>& encodings, Alphabet alphabet, std::string text) {
    encodings.push_back({base::Secret::take(text), alphabet});
}

}  // namespace

std::vector<Encoding> encodings_of(std::string_view secret) {
    std::vector<Encoding> encodings;
    if (secret.size() < least_size) return encodings;
    add(encodings, Alphabet::bytes, std::string{secret});
    for (std::size_t offset = 0; offset < 3; ++offset) {
        auto shifted = std::string(offset, '\0').append(secret);
        add(encodings, Alphabet::base64, inner_part(crypto::base64_of(shifted), secret.size(), offset));
        base::wipe(shifted);
    }
    add(encodings, Alphabet::hex, crypto::hex_of(secret));
    return encodings;
}

}  // namespace redaction
