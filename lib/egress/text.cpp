#include "egress/text.hpp"

#include <algorithm>

namespace egress {
namespace {

int length_of_sequence(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return 2;
    if ((lead & 0xf0) == 0xe0) return 3;
    if (lead >= 0xf0 && lead <= 0xf4) return 4;
    return 0;
}

bool second_is_good(unsigned char lead, unsigned char second) {
    if (lead == 0xe0) return second >= 0xa0;
    if (lead == 0xed) return second <= 0x9f;
    if (lead == 0xf0) return second >= 0x90;
    if (lead == 0xf4) return second <= 0x8f;
    return true;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const auto length = static_cast<std::size_t>(length_of_sequence(lead));
        if (length == 0 || i + length > bytes.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<unsigned char>(bytes[i + k]);
            if ((byte & 0xc0) != 0x80 || (k == 1 && !second_is_good(lead, byte))) return false;
        }
        i += length;
    }
    return true;
}

bool matches(std::string_view pattern, std::string_view path) noexcept {
    for (;;) {
        const auto wanted = pattern.substr(0, pattern.find('/'));
        const auto found = path.substr(0, path.find('/'));
        if (wanted != "*" && wanted != found) {
            const auto star = wanted.find('*');
            if (star == std::string_view::npos || !found.starts_with(wanted.substr(0, star)) ||
                !found.ends_with(wanted.substr(star + 1)) || found.size() + 1 < wanted.size())
                return false;
        }
        const bool pattern_ends = wanted.size() == pattern.size();
        const bool path_ends = found.size() == path.size();
        if (pattern_ends || path_ends) return pattern_ends && path_ends;
        pattern.remove_prefix(wanted.size() + 1);
        path.remove_prefix(found.size() + 1);
    }
}

}  // namespace egress
