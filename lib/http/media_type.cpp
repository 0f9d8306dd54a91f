#include "http/media_type.hpp"

#include <algorithm>

namespace http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the part before the next separator outside a quoted string off the front of the text.
std::string_view take_until(std::string_view& text, char separator) {
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        if (is_quoted && text[end] == '\\') {
            ++end;
        } else if (text[end] == '"') {
            is_quoted = !is_quoted;
        } else if (text[end] == separator && !is_quoted) {
            break;
        }
    }
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    return trim(part);
}

bool is_zero_weight(std::string_view parameter) {
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
    const auto weight = parameter.substr(2);
    return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

// How closely a range fits: 3 by name, 2 by type/*, 1 by */*, 0 not at all.
int specificity(std::string_view range, std::string_view media_type) {
    if (equals_ignoring_case(range, media_type)) return 3;
    if (range == "*/*") return 1;
    if (!range.ends_with("/*")) return 0;
    const auto prefix = range.substr(0, range.size() - 1);
    return equals_ignoring_case(prefix, media_type.substr(0, prefix.size())) ? 2 : 0;
}

struct Match {
    int specificity = 0;
    bool is_admitted = false;
};

Match best_match(std::string_view accept, std::string_view media_type) {
    Match best;
    while (!accept.empty()) {
        auto parameters = take_until(accept, ',');
        const int fit = specificity(take_until(parameters, ';'), media_type);
        bool is_admitted = true;
        while (!parameters.empty())
            if (is_zero_weight(take_until(parameters, ';'))) is_admitted = false;
        if (fit > best.specificity) best = {fit, is_admitted};
    }
    return best;
}

}  // namespace

bool accepts(std::string_view accept, std::string_view media_type) noexcept {
    return trim(accept).empty() || best_match(accept, media_type).is_admitted;
}

bool names(std::string_view accept, std::string_view media_type) noexcept {
    const auto match = best_match(accept, media_type);
    return match.specificity == 3 && match.is_admitted;
}

bool is_media_type(std::string_view content_type, std::string_view media_type) noexcept {
    return equals_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), media_type);
}

}  // namespace http
