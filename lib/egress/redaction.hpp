#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace egress {

/// Finds a credential in what an upstream sent and replaces it: as it is, percent-encoded, JSON-escaped, in
/// base64 or base64url at any offset, in hexadecimal.
class Redaction {
public:
    /// Secrets shorter than this cannot be told from ordinary text and are not looked for.
    static constexpr std::size_t least_size = 8;

    void add(std::string_view secret);

    /// How many places were replaced.
    int apply(std::string& text) const;

private:
    void add_pattern(std::string_view pattern);

    std::vector<base::Secret> patterns_;  ///< longest first
};

}  // namespace egress
