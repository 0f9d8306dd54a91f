#include "http_syntax/method.hpp"

namespace http_syntax {

const Method* find_method(std::string_view name) noexcept {
    static constexpr Method methods[]{
        {"GET", false, true},   {"HEAD", false, true},  {"POST", true, false},    {"PUT", true, true},
        {"PATCH", true, false}, {"DELETE", true, true}, {"OPTIONS", false, true},
    };
    for (const auto& method : methods) {
        if (name == method.name) return &method;
    }
    return nullptr;
}

}  // namespace http_syntax
