#pragma once

#include <filesystem>
#include <vector>

#include "base/secret.hpp"

namespace crypto {

/// Reads a file of 256-bit keys, one a line in base64, the newest first: the first is used to seal, all of
/// them to open, so that a key can be replaced while sealed data is still about.
///
/// Throws base::Error (invalid_input, "key_file_invalid") unless it is a regular file, no symbolic link,
/// owned by this process's user or root (root may read anyone's), closed to group and others, with at least
/// one key.
std::vector<base::Secret> read_key_file(const std::filesystem::path& file);

/// Makes a key file with one random key, readable by its owner alone.
/// Throws base::Error (conflict, "key_file_exists") rather than overwrite one.
void create_key_file(const std::filesystem::path& file);

/// Replaces the keys of a key file, the newest first, at once and for good: whoever reads it sees the former
/// keys or the new ones. Owner and permissions stay. Throws base::Error as read_key_file.
void replace_key_file(const std::filesystem::path& file, const std::vector<base::Secret>& keys);

}  // namespace crypto
