#pragma once

#include "mcp/context.hpp"
#include "mcp/methods.hpp"

namespace mcp {

/// Multi round-trip requests of 2026-07-28: what a method needs first goes out as a result, the client sends
/// the request again with its answers and with the state, which is sealed and bound to the principal, the
/// method, its subject, its arguments and a time.
class InputRounds {
public:
    /// Takes inputResponses and requestState out of the parameters and hands them to the call. Throws
    /// jsonrpc::Error (invalid_params): a state that is not ours, not this request's or too old; answers that
    /// are no object of objects.
    InputRounds(Context& context, const Method& method, json& params);

    /// The result of type input_required. Throws jsonrpc::Error (missing_client_capability).
    json result_of(tool::InputRequired input) const;

private:
    std::string binding() const;

    const Context& context_;
    const Method& method_;
    std::string binding_;  ///< empty until it is needed
};

}  // namespace mcp
