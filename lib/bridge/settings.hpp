#pragma once

#include <string>

#include "base/secret.hpp"

namespace bridge {

/// What the environment says: GATEHOUSE_URL (an origin, or a whole endpoint), GATEHOUSE_API_KEY, and
/// optionally GATEHOUSE_CA (a CA bundle trusted besides the system's).
struct Settings {
    std::string endpoint;
    base::Secret api_key;
    std::string ca_file;

    /// Takes the key out of the environment. Throws base::Error (invalid_input, "environment_invalid") that
    /// names the variable at fault.
    static Settings from_environment();
};

}  // namespace bridge
