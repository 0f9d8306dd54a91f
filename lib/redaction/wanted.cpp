#include "redaction/wanted.hpp"

#include <algorithm>

namespace redaction {
namespace {

constexpr std::size_t longest_character = 12;

}  // namespace

Wanted Wanted::anything(std::size_t longest) {
    Wanted wanted;
    wanted.bytes_.set();
    wanted.pairs_.set();
    wanted.reach_ = longest * longest_character;
    return wanted;
}

void Wanted::add(const Encoding& encoding) {
    const auto text = encoding.text.reveal();
    reach_ = std::max(reach_, text.size() * longest_character);
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char second : variants(encoding.alphabet, text[i])) {
            bytes_.set(static_cast<unsigned char>(second));
            if (i == 0) continue;
            for (const char first : variants(encoding.alphabet, text[i - 1]))
                pairs_.set(pair_of(first, second));
        }
    }
}

bool Wanted::has_all(std::string_view bytes) const {
    return std::all_of(bytes.begin(), bytes.end(), [&](char c) { return has(c); });
}

}  // namespace redaction
