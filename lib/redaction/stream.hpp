#pragma once

#include <string>
#include <string_view>

#include "redaction/patterns.hpp"

namespace redaction {

/// Replaces secrets in a text that arrives in pieces, wherever the pieces are cut. Keeps back no more than a
/// secret could take and hands out the rest.
class Stream {
public:
    explicit Stream(const Patterns& patterns) : patterns_{patterns} {}
    ~Stream() { base::wipe(waiting_); }

    /// Takes a piece and appends to `clean` what is known to be without secret.
    void feed(std::string_view piece, std::string& clean);
    /// The text is over: appends the rest.
    void finish(std::string& clean);
    /// The text was cut off: appends what is known to be without secret and drops the rest, at whose end a
    /// secret may have begun.
    void cut(std::string& clean);
    int hits() const noexcept { return hits_; }

private:
    void hand_out(std::size_t limit, std::string& clean);

    const Patterns& patterns_;
    std::string waiting_;
    int hits_ = 0;
};

}  // namespace redaction
