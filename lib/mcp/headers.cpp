#include "mcp/headers.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/encoding.hpp"
#include "mcp/error.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

constexpr std::string_view prefix = "=?base64?";
constexpr std::string_view suffix = "?=";

[[noreturn]] void mismatch(const std::string& header, const char* what) {
    throw MalformedRequest{header_mismatch, "the header " + header + ' ' + what};
}

std::string_view trimmed(std::string_view value) {
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    return value;
}

bool is_visible(std::string_view value) {
    return std::all_of(value.begin(), value.end(),
                       [](char c) { return c == '\t' || (c >= 0x20 && c <= 0x7e); });
}

/// The member that Mcp-Name repeats, or null where the header does not apply.
const char* named_member(std::string_view method) {
    if (method == "tools/call" || method == "prompts/get") return "name";
    if (method == "resources/read") return "uri";
    return nullptr;
}

std::string require_decoded(const std::string& header, std::string_view value) {
    if (!is_visible(value)) mismatch(header, "holds invalid characters");
    auto decoded = decode_header_value(trimmed(value));
    if (!decoded) mismatch(header, "is not valid base64");
    return *std::move(decoded);
}

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool says(std::string_view text, const json& value) {
    if (value.is_string()) return text == value.get_ref<const std::string&>();
    if (value.is_boolean()) return text == (value.get<bool>() ? "true" : "false");
    if (value.is_number()) return number_of(text) == value.get<double>();
    return false;
}

void check_parameter(const http::Request& request, const std::string& name, const json* value) {
    std::string field = "mcp-param-" + name;
    std::transform(field.begin(), field.end(), field.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    const std::string shown = "Mcp-Param-" + name;
    const bool has_value = value != nullptr && !value->is_null();
    if (!request.has_field(field)) {
        if (has_value) mismatch(shown, "is required");
        return;
    }
    const auto text = require_decoded(shown, request.field(field));
    if (!has_value || !says(text, *value)) mismatch(shown, "differs from the argument");
}

}  // namespace

std::optional<std::string> decode_header_value(std::string_view value) {
    if (value.size() < prefix.size() + suffix.size() || !value.starts_with(prefix) ||
        !value.ends_with(suffix)) {
        return std::string{value};
    }
    value.remove_prefix(prefix.size());
    value.remove_suffix(suffix.size());
    return crypto::bytes_of_base64(value);
}

void check_standard_headers(const http::Request& request, const jsonrpc::Message& message) {
    const auto method = request.field("mcp-method");
    if (method.empty()) mismatch("Mcp-Method", "is required");
    if (trimmed(method) != message.method) mismatch("Mcp-Method", "differs from the method");

    const char* member = named_member(message.method);
    if (member == nullptr) return;
    const json* name = find_member(message.params, member);
    if (name == nullptr || !name->is_string()) return;
    if (!request.has_field("mcp-name")) mismatch("Mcp-Name", "is required");
    if (require_decoded("Mcp-Name", request.field("mcp-name")) != name->get_ref<const std::string&>()) {
        mismatch("Mcp-Name", "differs from the body");
    }
}

void check_parameter_headers(const http::Request& request, const json& input_schema, const json& arguments) {
    const json* properties = find_member(input_schema, "properties");
    if (properties == nullptr || !properties->is_object()) return;
    for (const auto& [name, property] : properties->items()) {
        if (!property.is_object()) continue;
        const json* value = arguments.is_object() ? find_member(arguments, name.c_str()) : nullptr;
        const json* header = find_member(property, "x-mcp-header");
        if (header != nullptr && header->is_string()) {
            check_parameter(request, header->get_ref<const std::string&>(), value);
        } else if (property.contains("properties")) {
            check_parameter_headers(request, property, value != nullptr ? *value : json(nullptr));
        }
    }
}

}  // namespace mcp
