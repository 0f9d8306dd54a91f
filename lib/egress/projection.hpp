#pragma once

#include <string>
#include <vector>

#include "egress_client/messages.hpp"

namespace egress {

/// The parts of a value that the JSON pointers name, in their places; "*" in a pointer stands for every
/// member or element. Null when there are none.
egress_client::json projection_of(const egress_client::json& value, const std::vector<std::string>& pointers);

/// Leaves of the answer's body what the pointers name; a body that is no JSON is withheld.
void project(egress_client::CallResult& result, const std::vector<std::string>& pointers);

}  // namespace egress
