#include "redaction/stream.hpp"

#include <algorithm>

#include "redaction/unescape.hpp"

namespace redaction {
namespace {

constexpr std::size_t least_batch = 64 * 1024;

/// Some way before `at`, and within no escape that could be taken for another one from there on: of what
/// stands in an escape only a backslash begins one.
std::size_t begin_near(std::string_view text, std::size_t at) {
    constexpr std::size_t way = 256;
    auto begin = at - std::min(at, way);
    while (begin > 0 && text[begin - 1] == '\\') --begin;
    return begin;
}

/// The largest position up to `at` that lies within no escape of any kind.
std::size_t between_escapes(std::string_view text, std::size_t at) {
    const auto near = begin_near(text, at);
    const auto before = [&](Escape escape) {
        for (auto begin = next_escape(escape, text, near); begin < at;) {
            const auto end = begin + character_at(escape, text, begin).size;
            if (end > at) return begin;
            begin = next_escape(escape, text, end);
        }
        return at;
    };
    for (std::size_t last = text.size() + 1; last != at;) {
        last = at;
        for (const auto escape : escapes) at = before(escape);
    }
    return at;
}

}  // namespace

void Stream::feed(std::string_view piece, std::string& clean) {
    if (patterns_.empty()) {
        clean += piece;
        return;
    }
    waiting_ += piece;
    const auto kept = patterns_.reach();
    if (waiting_.size() < std::max(least_batch, 4 * kept)) return;
    hand_out(between_escapes(waiting_, waiting_.size() - kept), clean);
}

void Stream::finish(std::string& clean) { hand_out(waiting_.size(), clean); }

void Stream::cut(std::string& clean) {
    const auto kept = patterns_.empty() ? 0 : patterns_.reach();
    if (waiting_.size() > kept) hand_out(between_escapes(waiting_, waiting_.size() - kept), clean);
    base::wipe(waiting_);
    waiting_.clear();
}

void Stream::hand_out(std::size_t limit, std::string& clean) {
    std::size_t copied = 0;
    for (const auto& span : patterns_.find(waiting_)) {
        if (span.begin >= limit) break;
        clean.append(waiting_, copied, span.begin - copied).append(replacement);
        copied = span.end;
        ++hits_;
    }
    if (copied < limit) {
        clean.append(waiting_, copied, limit - copied);
        copied = limit;
    }
    waiting_.erase(0, copied);
}

}  // namespace redaction
