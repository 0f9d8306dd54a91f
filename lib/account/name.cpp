#include "account/name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace account {

void require_name(std::string_view name) {
    const bool has_control = std::any_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
    if (name.size() > 100 || has_control || !base::is_utf8(name))
        throw base::Error{base::Reason::invalid_input, "name_invalid",
                          "a name has at most 100 bytes and no control characters"};
}

}  // namespace account
