#pragma once

#include "mcp/context.hpp"

namespace mcp {

/// One page of a list: {member: [...], nextCursor?}. The cursor in `params` continues behind an item, known
/// by its `key`; it is sealed, and bound to the list and the caller. Throws jsonrpc::Error (invalid_params)
/// for a cursor that is not ours or whose item is gone.
json page_of(const Context& context, const json& params, const char* member, json items, const char* key);

}  // namespace mcp
