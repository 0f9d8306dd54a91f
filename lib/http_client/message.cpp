#include "http_client/message.hpp"

namespace http_client {

std::string_view Response::field(std::string_view name) const noexcept {
    for (const auto& [field_name, value] : fields) {
        if (field_name == name) return value;
    }
    return {};
}

}  // namespace http_client
