#include "egress/text.hpp"

#include <algorithm>

namespace egress {

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
