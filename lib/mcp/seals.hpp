#pragma once

#include <filesystem>

#include "crypto/sealed_token.hpp"

namespace mcp {

/// What seals the opaque texts that clients hold for us. One key file, a purpose each.
struct Seals {
    crypto::TokenSealer session;
    crypto::TokenSealer request_state;
    crypto::TokenSealer cursor;
    crypto::TokenSealer message;  ///< what waits in PostgreSQL for a client to fetch or a process to read

    /// Throws base::Error as crypto::read_key_file does.
    explicit Seals(const std::filesystem::path& key_file)
        : session{key_file, "mcp.session"},
          request_state{key_file, "mcp.request_state"},
          cursor{key_file, "mcp.cursor"},
          message{key_file, "mcp.message"} {}
};

}  // namespace mcp
