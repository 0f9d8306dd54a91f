#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace crypto {

/// Makes opaque texts that only this deployment can make and read: what a stateless server hands to its
/// client and takes back. A token says nothing about time: put an expiry into the plain text and check it.
///
/// Safe from any thread.
class TokenSealer {
public:
    /// Keys for `purpose` are derived from the file's (see crypto/key_file.hpp); tokens of one purpose are
    /// nothing to another. Throws base::Error as read_key_file does.
    TokenSealer(const std::filesystem::path& key_file, std::string_view purpose);

    /// A base64url text. It opens only together with the same `context` (whatever the token belongs to: a
    /// principal, a method, a digest of arguments), which it does not contain.
    std::string seal(std::string_view plain, std::string_view context) const;

    /// The plain text, or nothing when the token is not ours, is changed, or belongs to another context.
    std::optional<std::string> open(std::string_view token, std::string_view context) const;

private:
    struct Key {
        std::string id;
        base::Secret bytes;
    };
    std::vector<Key> keys_;
};

}  // namespace crypto
