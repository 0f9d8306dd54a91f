#include "http/request.hpp"

#include <algorithm>

namespace http {

Method method_of(std::string_view text) noexcept {
    for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                              Method::delete_, Method::options})
        if (text == text_of(method)) return method;
    return Method::other;
}

std::string_view text_of(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::delete_:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            break;
    }
    return "OTHER";
}

std::string_view Request::field(std::string_view name) const noexcept {
    for (const auto& [field_name, value] : fields)
        if (field_name == name) return value;
    return {};
}

bool Request::has_field(std::string_view name) const noexcept {
    return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
}

}  // namespace http
