#pragma once

#include "mcp/context.hpp"

namespace mcp {

/// Whether items are sorted by their keys: then a cursor stays good though its item is gone.
enum class Order { as_given, by_key };

/// One page of a list: {member: [...], nextCursor?}. The cursor in `params` continues behind an item, known
/// by its `key`; it is sealed, and bound to the list and the caller. Throws jsonrpc::Error (invalid_params)
/// for a cursor that is not ours or whose item is gone.
json page_of(const Context& context, const json& params, const char* member, json items, const char* key,
             Order order = Order::as_given);

}  // namespace mcp
