#include "redaction/patterns.hpp"

#include <algorithm>

#include "redaction/encodings.hpp"

namespace redaction {
namespace {

std::vector<Span> merged(std::vector<Span> spans) {
    std::sort(spans.begin(), spans.end(), [](Span left, Span right) { return left.begin < right.begin; });
    std::vector<Span> result;
    for (const auto& span : spans) {
        if (!result.empty() && span.begin < result.back().end)
            result.back().end = std::max(result.back().end, span.end);
        else
            result.push_back(span);
    }
    return result;
}

}  // namespace

void Patterns::add(std::string_view secret) {
    for (auto& encoding : encodings_of(secret)) {
        wanted_.add(encoding);
        search_.add(std::move(encoding));
    }
}

std::vector<Span> Patterns::find(std::string_view text) const {
    std::vector<Span> spans;
    if (empty()) return spans;
    for_each_form(text, wanted_, [&](std::string_view bytes, const Origin& origin_of) {
        search_.find(bytes, [&](Span found) {
            spans.push_back({origin_of(found.begin), origin_of(found.end)});
        });
    });
    return merged(std::move(spans));
}

int redact(const Patterns& patterns, std::string& text) {
    const auto spans = patterns.find(text);
    if (spans.empty()) return 0;
    std::string clean;
    std::size_t copied = 0;
    for (const auto& span : spans) {
        clean.append(text, copied, span.begin - copied).append(replacement);
        copied = span.end;
    }
    clean.append(text, copied);
    base::wipe(text);
    text = std::move(clean);
    return static_cast<int>(spans.size());
}

}  // namespace redaction
