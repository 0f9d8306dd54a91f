#include "bridge/message_fields.hpp"

#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"

namespace bridge {
namespace {

using nlohmann::json;

std::string text_at(const json& value, const json::json_pointer& pointer) {
    if (!value.is_object() || !value.contains(pointer) || !value.at(pointer).is_string()) return "";
    return value.at(pointer).get<std::string>();
}

bool is_plain(const std::string& value) {
    if (value.empty() || value.front() == ' ' || value.back() == ' ' || value.starts_with("=?")) return false;
    for (const char c : value) {
        if (c < 0x20 || c > 0x7e) return false;
    }
    return true;
}

/// tools/call and prompts/get name params.name, resources/read names params.uri, tasks/... name
/// params.taskId.
std::string name_in(const json& message, const std::string& method) {
    using namespace nlohmann::literals;
    if (method == "resources/read") return text_at(message, "/params/uri"_json_pointer);
    if (method.starts_with("tasks/")) return text_at(message, "/params/taskId"_json_pointer);
    return text_at(message, "/params/name"_json_pointer);
}

constexpr const char* version_place = "/params/_meta/io.modelcontextprotocol~1protocolVersion";

}  // namespace

std::string header_value(const std::string& value) {
    return is_plain(value) ? value : "=?base64?" + crypto::base64_of(value) + "?=";
}

bool has_method(const json& message, const char* method) {
    return message.is_object() && message.contains("method") && message["method"] == method;
}

bool is_request(const json& message) {
    return message.is_object() && message.contains("method") && message.contains("id");
}

bool is_modern(const json& message) { return !text_at(message, json::json_pointer{version_place}).empty(); }

Fields fields_of(const json& message, const std::string& negotiated) {
    using namespace nlohmann::literals;
    Fields fields;
    const auto method = text_at(message, "/method"_json_pointer);
    const auto modern = text_at(message, json::json_pointer{version_place});
    const auto& revision = modern.empty() ? negotiated : modern;
    if (!revision.empty() && method != "initialize") fields.emplace_back("MCP-Protocol-Version", revision);
    if (modern.empty()) return fields;
    fields.emplace_back("Mcp-Method", method);
    if (const auto name = name_in(message, method); !name.empty()) {
        fields.emplace_back("Mcp-Name", header_value(name));
    }
    return fields;
}

}  // namespace bridge
