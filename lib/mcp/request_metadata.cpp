#include "mcp/request_metadata.hpp"

#include "mcp/error.hpp"
#include "mcp/meta.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

[[noreturn]] void malformed(const std::string& name, const char* expected) {
    throw MalformedRequest{jsonrpc::invalid_params, "_meta[\"" + name + "\"]: " + expected};
}

const json& require_metadata(const json& params) {
    const json* metadata = find_member(params, "_meta");
    if (metadata == nullptr) throw MalformedRequest{jsonrpc::invalid_params, "_meta: is required"};
    if (!metadata->is_object()) throw MalformedRequest{jsonrpc::invalid_params, "_meta: expected an object"};
    return *metadata;
}

Revision read_version(const http::Request& request, const json& metadata) {
    const json* version = find_member(metadata, meta::protocol_version);
    if (version == nullptr) malformed(meta::protocol_version, "is required");
    if (!version->is_string()) malformed(meta::protocol_version, "expected a string");
    const auto& text = version->get_ref<const std::string&>();
    const auto header = request.field("mcp-protocol-version");
    if (header != text) {
        throw MalformedRequest{header_mismatch, header.empty()
                                                    ? "the header MCP-Protocol-Version is required"
                                                    : "the header MCP-Protocol-Version differs from _meta"};
    }
    const auto revision = revision_of(text);
    if (!revision || !is_modern(*revision)) refuse_version(text);
    return *revision;
}

std::optional<LogLevel> read_log_level(const json& metadata) {
    const json* level = find_member(metadata, meta::log_level);
    if (level == nullptr) return std::nullopt;
    const auto known = level->is_string() ? log_level_of(level->get_ref<const std::string&>()) : std::nullopt;
    if (!known) malformed(meta::log_level, "expected a log level of RFC 5424 in lower case");
    return known;
}

}  // namespace

void refuse_version(const std::string& requested) {
    json supported = json::array();
    for (const auto revision : revisions) supported.push_back(text_of(revision));
    throw MalformedRequest{unsupported_protocol_version, "unsupported protocol version",
                           json{{"supported", std::move(supported)}, {"requested", requested}}};
}

bool is_modern(const http::Request& request, const jsonrpc::Message& message) {
    const json* metadata = find_member(message.params, "_meta");
    if (metadata != nullptr && metadata->is_object() && metadata->contains(meta::protocol_version))
        return true;
    const auto header = request.field("mcp-protocol-version");
    if (header.empty()) return message.method == "server/discover";
    const auto revision = revision_of(header);
    return revision && is_modern(*revision);
}

Client read_metadata(const http::Request& request, const json& params) {
    const json& metadata = require_metadata(params);
    Client client;
    client.revision = read_version(request, metadata);
    const json* capabilities = find_member(metadata, meta::client_capabilities);
    if (capabilities == nullptr) malformed(meta::client_capabilities, "is required");
    if (!capabilities->is_object()) malformed(meta::client_capabilities, "expected an object");
    client.capabilities = *capabilities;
    if (const json* info = find_member(metadata, meta::client_info)) {
        if (!info->is_object()) malformed(meta::client_info, "expected an object");
        client.info = *info;
    }
    client.log_level = read_log_level(metadata);
    return client;
}

json progress_token_of(const json& params) {
    const json* metadata = find_member(params, "_meta");
    if (metadata == nullptr || !metadata->is_object()) return nullptr;
    const json* token = find_member(*metadata, meta::progress_token);
    if (token == nullptr) return nullptr;
    if (!token->is_string() && !token->is_number_integer()) {
        refuse_params("_meta.progressToken: expected a string or an integer");
    }
    return *token;
}

}  // namespace mcp
