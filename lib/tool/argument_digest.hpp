#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/secret.hpp"

namespace tool {

/// Tells whether two calls have the same arguments, secrets included, by a digest that nobody without the key
/// can test a guess against (HMAC-SHA-256).
class ArgumentDigest {
public:
    /// Throws base::Error as crypto::read_key_file does.
    explicit ArgumentDigest(const std::filesystem::path& key_file);

    /// 32 raw bytes.
    std::string of(const nlohmann::json& arguments) const;

private:
    base::Secret key_;
};

}  // namespace tool
