#include "fastcgi/encode.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "http/problem.hpp"

namespace fastcgi {
namespace {

using std::string_view;

[[noreturn]] void refuse(const std::string& detail) {
    throw base::Error{base::Reason::internal, "invalid_response", "the answer could not be sent", detail};
}

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           string_view{"!#$%&'*+-.^_`|~"}.find(c) != string_view::npos;
}

bool is_token(string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool starts_with_ignoring_case(string_view text, string_view lower_prefix) {
    return text.size() >= lower_prefix.size() &&
           std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                      [](char want, char c) { return want == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
}

bool equals_ignoring_case(string_view text, string_view lower) {
    return text.size() == lower.size() && starts_with_ignoring_case(text, lower);
}

bool steers_server(string_view name) {
    return equals_ignoring_case(name, "status") || equals_ignoring_case(name, "connection") ||
           equals_ignoring_case(name, "transfer-encoding") || starts_with_ignoring_case(name, "x-accel-");
}

void append_field(std::string& head, const std::string& name, const std::string& value) {
    if (equals_ignoring_case(name, "content-length")) return;
    if (!is_token(name)) refuse("a field's name is no token");
    if (steers_server(name)) refuse("the field " + name + " is not the endpoint's to set");
    if (value.find_first_of(string_view{"\r\n\0", 3}) != std::string::npos)
        refuse("the field " + name + " holds a line break or NUL");
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
}

}  // namespace

bool is_bodiless(int status) noexcept { return status == 204 || status == 304; }

std::string encode_head(int status, const http::Fields& fields, std::optional<std::size_t> content_length) {
    if (status < 200 || status > 599) refuse("the status " + std::to_string(status) + " is out of range");
    std::string head = "Status: " + std::to_string(status) + ' ';
    head.reserve(256);
    head += http::reason_phrase(status);
    head += "\r\n";
    for (const auto& [name, value] : fields) append_field(head, name, value);
    if (content_length && !is_bodiless(status))
        head += "Content-Length: " + std::to_string(*content_length) + "\r\n";
    head += "\r\n";
    return head;
}

}  // namespace fastcgi
