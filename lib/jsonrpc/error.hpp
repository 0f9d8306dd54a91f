#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace jsonrpc {

using json = nlohmann::json;

/// The predefined error codes (JSON-RPC 2.0 section 5.1).
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;

/// A request that is answered with an error instead of a result. what() is the error's message; data() is
/// null when the error carries none. Both cross the network.
class Error : public std::runtime_error {
public:
    Error(int code, const std::string& message, json data = nullptr)
        : std::runtime_error{message}, code_{code}, data_(std::move(data)) {}

    int code() const noexcept { return code_; }
    const json& data() const noexcept { return data_; }

private:
    int code_;
    json data_;
};

}  // namespace jsonrpc
