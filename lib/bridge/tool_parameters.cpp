#include "bridge/tool_parameters.hpp"

#include "bridge/message_fields.hpp"

namespace bridge {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
    if (value.is_string()) return header_value(value.get_ref<const std::string&>());
    return value.dump();
}

}  // namespace

void ToolParameters::note(const json& result) {
    const auto tools = result.find("tools");
    if (tools == result.end() || !tools->is_array()) return;
    for (const auto& tool : *tools) {
        if (!tool.is_object() || !tool.contains("name") || !tool["name"].is_string()) continue;
        std::vector<Annotated> annotated;
        if (tool.contains("inputSchema")) collect(tool["inputSchema"], json::json_pointer{}, annotated);
        tools_[tool["name"].get<std::string>()] = std::move(annotated);
    }
}

void ToolParameters::collect(const json& schema, const json::json_pointer& place,
                             std::vector<Annotated>& annotated) {
    if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object()) return;
    for (const auto& [name, property] : schema["properties"].items()) {
        if (!property.is_object()) continue;
        const auto header = property.find("x-mcp-header");
        if (header != property.end() && header->is_string()) {
            annotated.push_back({place / name, header->get<std::string>()});
        } else {
            collect(property, place / name, annotated);
        }
    }
}

Fields ToolParameters::fields_of(const json& params) const {
    Fields fields;
    if (!params.contains("name") || !params["name"].is_string() || !params.contains("arguments"))
        return fields;
    const auto tool = tools_.find(params["name"].get<std::string>());
    if (tool == tools_.end()) return fields;
    const auto& arguments = params["arguments"];
    for (const auto& [place, header] : tool->second) {
        if (!arguments.is_object() || !arguments.contains(place)) continue;
        const auto& value = arguments.at(place);
        if (value.is_null() || value.is_structured()) continue;
        fields.emplace_back("Mcp-Param-" + header, text_of(value));
    }
    return fields;
}

}  // namespace bridge
