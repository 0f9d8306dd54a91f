#include "redaction/patterns.hpp"

#include <algorithm>

#include "redaction/encodings.hpp"

namespace redaction {
namespace {

constexpr std::size_t longest_character = 12;

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

void Patterns::want(const Encoding& encoding) {
    std::bitset<256> known;
    const auto text = encoding.text.reveal();
    for (const unsigned char c : text) known.set(c);
    for (std::size_t i = 1; i < text.size(); ++i) wanted_.pairs.set(block_of(text[i - 1], text[i]));
    for (unsigned c = 0; c < 256; ++c) {
        const auto same = folded(encoding.alphabet, static_cast<char>(c));
        if (known[static_cast<unsigned char>(same)]) wanted_.bytes.set(c);
    }
}

void Patterns::add(std::string_view secret) {
    for (auto& encoding : encodings_of(secret)) {
        want(encoding);
        search_.add(std::move(encoding));
    }
    wanted_.reach = search_.longest() * longest_character;
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
