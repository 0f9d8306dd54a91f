#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tool {

/// A structured result written once. The answers of both protocols and the audit log are made of these parts.
struct Text {
    std::string line;    ///< the value as one line of JSON
    std::string quoted;  ///< that line as a JSON string, quotes included
    std::string sha256;  ///< of the line, raw
};

Text write(const nlohmann::json& value);

}  // namespace tool
