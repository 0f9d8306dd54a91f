#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bridge/transport.hpp"

namespace bridge {

/// Which arguments of which tools travel as Mcp-Param-* fields too (2026-07-28, Streamable HTTP: custom
/// headers from tool parameters), as the input schemas in tools/list say.
class ToolParameters {
public:
    /// Notes the tools of a result of tools/list.
    void note(const nlohmann::json& result);
    bool knows(const std::string& tool) const { return tools_.contains(tool); }
    /// The fields for a tools/call with these parameters.
    Fields fields_of(const nlohmann::json& params) const;

private:
    struct Annotated {
        nlohmann::json::json_pointer place;
        std::string header;
    };
    static void collect(const nlohmann::json& schema, const nlohmann::json::json_pointer& place,
                        std::vector<Annotated>& annotated);

    std::map<std::string, std::vector<Annotated>> tools_;
};

}  // namespace bridge
