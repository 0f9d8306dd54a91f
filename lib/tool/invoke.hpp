#pragma once

#include <optional>
#include <string>

#include "tool/call.hpp"
#include "tool/tool.hpp"

namespace tool {

/// How a call arrived, for the audit log.
enum class Channel { mcp, rest };

/// Runs one call: scope, idempotency, the tool, audit.
///
/// `arguments` may hold the member idempotency_key of a tool that writes (REST puts its header there first);
/// it is taken out before the tool sees them. The result of a write is committed to the audit log before this
/// returns.
///
/// Throws base::Error: insufficient_scope; invalid_input "invalid_arguments"; conflict
/// "idempotency_conflict", "idempotency_in_progress" or "outcome_unknown"; and what the tool throws.
Outcome invoke(const Tool& tool, json arguments, Call& call, Channel channel);

/// The published input schema: the tool's own, plus idempotency_key where the tool writes.
json published_input_schema(const Tool& tool);

}  // namespace tool
