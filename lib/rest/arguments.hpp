#pragma once

#include <nlohmann/json.hpp>

#include "http/request.hpp"
#include "rest/route.hpp"
#include "tool/tool.hpp"

namespace rest {

/// The arguments of a tool call as a REST request spells them: path parameters, then the query (of GET and
/// DELETE) with each value read as the type its schema names, or the members of a JSON object in the body;
/// Idempotency-Key becomes idempotency_key. An argument given in two places is refused.
///
/// Throws base::Error (invalid_input): "invalid_arguments", "content_type_unsupported", or what schema::parse
/// says.
nlohmann::json arguments_of(const tool::Tool& tool, const http::Request& request, const PathArguments& path);

}  // namespace rest
