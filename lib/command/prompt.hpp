#pragma once

#include <string>

#include "base/secret.hpp"

namespace command {

/// A secret from standard input: asked for without echo on a terminal, otherwise everything up to the end,
/// without the last line break. Never an argument: arguments show in the process list. Throws base::Error
/// (invalid_input, "secret_missing") when nothing came.
base::Secret read_secret(const std::string& prompt);

}  // namespace command
