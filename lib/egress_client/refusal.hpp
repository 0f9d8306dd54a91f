#pragma once

#include <string>

#include "base/error.hpp"

namespace egress_client {

/// A base::Error as the text that egress answers with, and back.
std::string refusal_of(const base::Error& error);
/// For a text that is no refusal: unavailable "egress_unavailable".
base::Error error_of(const std::string& refusal);

}  // namespace egress_client
