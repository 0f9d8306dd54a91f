#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "redaction/forms.hpp"
#include "redaction/search.hpp"
#include "redaction/wanted.hpp"

namespace redaction {

/// Secrets to look for, in every form in which a text may hold one: as it is, in base64 or base64url at any
/// offset and broken into lines, in hexadecimal, and each of these with any of its characters escaped as in a
/// URL, a form, JSON or HTML.
class Patterns {
public:
    /// Shorter than least_size: does nothing. Ends with prepare().
    void add(std::string_view secret);
    void prepare() { search_.prepare(); }

    bool empty() const noexcept { return search_.empty(); }
    /// Where secrets stand, from left to right without overlap.
    std::vector<Span> find(std::string_view text) const;
    /// How many bytes a secret may take in its longest form.
    std::size_t reach() const noexcept { return wanted_.reach(); }

private:
    Search search_;
    Wanted wanted_;
};

inline constexpr std::string_view replacement = "[redacted]";

/// Replaces every secret in the text; how many places that were.
int redact(const Patterns& patterns, std::string& text);

}  // namespace redaction
