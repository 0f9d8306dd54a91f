#include "redaction/stream.hpp"

#include <algorithm>

#include "redaction/forms.hpp"

namespace redaction {
namespace {

constexpr std::size_t least_batch = 64 * 1024;

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
