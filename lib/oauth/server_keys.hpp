#pragma once

#include <filesystem>
#include <vector>

#include "base/secret.hpp"

namespace oauth {

/// What the token endpoint alone holds: keys derived from its key file (see crypto/key_file.hpp), those of
/// the newest line first. The first are used to make something, all of them to recognize it.
class ServerKeys {
public:
    /// Throws base::Error as crypto::read_key_file.
    explicit ServerKeys(const std::filesystem::path& key_file);

    struct Derived {
        base::Secret sealing;     ///< seals private signing keys
        base::Secret tagging;     ///< marks a refresh token as made here
        base::Secret succession;  ///< derives a refresh token from the one before it
    };
    const Derived& newest() const noexcept { return keys_.front(); }
    const std::vector<Derived>& all() const noexcept { return keys_; }

private:
    std::vector<Derived> keys_;
};

}  // namespace oauth
