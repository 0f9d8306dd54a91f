#include "fastcgi/decode.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace fastcgi {
namespace {

using std::string_view;

constexpr std::size_t max_drained_size = std::size_t{64} << 20;
constexpr std::size_t max_field_count = 200;

[[noreturn]] void refuse(std::string code, const std::string& message) {
    throw base::Error{base::Reason::invalid_input, std::move(code), message};
}

/// The parameters of one request, told apart. An empty value stands for an absent one, as nginx means it.
struct Parameters {
    string_view method, document_uri, script_name, path_info, query, content_type, content_length, address;
};

void set_once(string_view& slot, string_view name, string_view value) {
    if (!slot.empty() && !value.empty())
        refuse("repeated_field", "the parameter " + std::string{name} + " came twice");
    if (!value.empty()) slot = value;
}

std::string field_name(string_view parameter) {
    std::string name{parameter};
    for (char& c : name) c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name;
}

bool is_safe_value(string_view value) {
    return value.find_first_of(string_view{"\r\n\0", 3}) == string_view::npos;
}

void add_field(http::Request& request, std::string name, string_view value) {
    if (request.has_field(name)) refuse("repeated_field", "the field " + name + " came more than once");
    if (!is_safe_value(value)) refuse("invalid_field", "the field " + name + " holds a line break");
    if (request.fields.size() == max_field_count) refuse("too_many_fields", "too many fields");
    request.fields.emplace_back(std::move(name), value);
}

// nginx passes these two as HTTP_ parameters as well; a difference between the two spellings is an attack.
void merge_field(http::Request& request, const char* name, string_view value) {
    if (value.empty()) return;
    if (!request.has_field(name)) return add_field(request, name, value);
    if (request.field(name) != value)
        refuse("repeated_field", "the field " + std::string{name} + " came more than once");
}

void take(Parameters& known, http::Request& request, string_view name, string_view value) {
    if (name == "HTTP_PROXY") return;
    if (name.starts_with("HTTP_")) return add_field(request, field_name(name.substr(5)), value);
    if (name == "REQUEST_METHOD") return set_once(known.method, name, value);
    if (name == "DOCUMENT_URI") return set_once(known.document_uri, name, value);
    if (name == "SCRIPT_NAME") return set_once(known.script_name, name, value);
    if (name == "PATH_INFO") return set_once(known.path_info, name, value);
    if (name == "QUERY_STRING") return set_once(known.query, name, value);
    if (name == "CONTENT_TYPE") return set_once(known.content_type, name, value);
    if (name == "CONTENT_LENGTH") return set_once(known.content_length, name, value);
    if (name == "REMOTE_ADDR") return set_once(known.address, name, value);
}

std::size_t number_of(string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

std::string path_of(const Parameters& known) {
    if (!known.document_uri.empty()) return std::string{known.document_uri};
    return std::string{known.script_name} + std::string{known.path_info};
}

void check_length(string_view announced, const std::string& body) {
    if (announced.empty() || (announced == "0" && body.empty())) return;
    const auto length = number_of(announced);
    if (length == 0) refuse("invalid_field", "the field content-length is not a number");
    if (length != body.size()) refuse("incomplete_body", "the body is not as long as announced");
}

std::size_t drain(const ReadBody& read) {
    std::string dropped(std::size_t{64} << 10, '\0');
    std::size_t total = 0;
    for (;;) {
        const auto count = read(dropped.data(), dropped.size());
        total += count;
        if (count < dropped.size() || total > max_drained_size) return total;
    }
}

}  // namespace

Body read_body(const ReadBody& read, std::size_t announced) {
    constexpr std::size_t step = 1024;
    Body body;
    std::size_t size = 0;
    while (size <= max_body_size) {
        // One byte more than announced, so that the end of the body is seen in the same read.
        const auto wish = std::max({announced + 1, step, size * 2});
        body.bytes.resize(std::min(wish, max_body_size + 1));
        size += read(body.bytes.data() + size, body.bytes.size() - size);
        if (size < body.bytes.size()) {
            body.bytes.resize(size);
            body.is_drained = true;
            return body;
        }
    }
    body.bytes = {};
    body.is_too_large = true;
    body.is_drained = drain(read) <= max_drained_size;
    return body;
}

std::size_t content_length(const char* const* parameters) {
    constexpr string_view prefix = "CONTENT_LENGTH=";
    for (; *parameters; ++parameters) {
        const string_view parameter{*parameters};
        if (parameter.starts_with(prefix)) return number_of(parameter.substr(prefix.size()));
    }
    return 0;
}

http::Request decode(const char* const* parameters, Body body) {
    http::Request request;
    Parameters known;
    request.fields.reserve(16);
    for (; *parameters; ++parameters) {
        const string_view parameter{*parameters};
        const auto equals = parameter.find('=');
        if (equals == string_view::npos) continue;
        take(known, request, parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    merge_field(request, "content-type", known.content_type);
    merge_field(request, "content-length", known.content_length);
    if (body.is_too_large)
        throw base::Error{base::Reason::too_large, "body_too_large", "the body is larger than 16 MiB"};
    check_length(known.content_length, body.bytes);
    request.method = http::method_of(known.method);
    request.path = path_of(known);
    request.query = known.query;
    request.remote_address = known.address;
    request.body = std::move(body.bytes);
    return request;
}

}  // namespace fastcgi
