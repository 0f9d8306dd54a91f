#include "vault/request_pattern.hpp"

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/method.hpp"
#include "http_syntax/url.hpp"
#include "vault/spelling.hpp"

namespace vault {
namespace {

bool matches_segment(std::string_view pattern, std::string_view segment) noexcept {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == segment;
    const auto before = pattern.substr(0, star);
    const auto behind = pattern.substr(star + 1);
    return segment.size() >= before.size() + behind.size() && segment.starts_with(before) &&
           segment.ends_with(behind);
}

bool matches_path(std::string_view pattern, std::string_view path) noexcept {
    for (;;) {
        const auto wanted = pattern.substr(0, pattern.find('/'));
        const auto found = path.substr(0, path.find('/'));
        const bool pattern_ends = wanted.size() == pattern.size();
        const bool path_ends = found.size() == path.size();
        if (pattern_ends && wanted == "**") return true;
        if (!matches_segment(wanted, found)) return false;
        if (path_ends && pattern == std::string{wanted} + "/**") return true;
        if (pattern_ends || path_ends) return pattern_ends && path_ends;
        pattern.remove_prefix(wanted.size() + 1);
        path.remove_prefix(found.size() + 1);
    }
}

/// What servers that are careless about spelling take a path for: in lower case, decoded, without the dots
/// and spaces at a segment's end that some file systems drop. No slash comes out of decoding: a canonical
/// path hides none.
std::string plain_path(std::string_view path) {
    std::string plain;
    for (const char c : http_syntax::lower(wholly_decoded(path))) {
        const auto kept = c == '/' ? plain.find_last_not_of(". ") : std::string::npos;
        if (kept != std::string::npos) plain.resize(kept + 1);
        plain += c;
    }
    return plain.substr(0, plain.find_last_not_of(". ") + 1);
}

[[noreturn]] void refuse(const std::string& pattern, const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "invalid_policy", "\"" + pattern + "\": " + why};
}

void check_stars(const std::string& pattern, std::string_view path) {
    while (!path.empty()) {
        const auto segment = path.substr(0, path.find('/'));
        const bool is_last = segment.size() == path.size();
        if (segment.find('*') != segment.rfind('*') && !(is_last && segment == "**"))
            refuse(pattern, "a segment has at most one *; ** is a last segment of its own");
        path.remove_prefix(is_last ? path.size() : segment.size() + 1);
    }
}

}  // namespace

bool matches_request(std::string_view pattern, std::string_view method, std::string_view path) noexcept {
    const auto space = pattern.find(' ');
    if (space == std::string_view::npos) return false;
    const auto wanted = pattern.substr(0, space);
    return (wanted == "*" || wanted == method) && matches_path(pattern.substr(space + 1), path);
}

bool resembles_request(std::string_view pattern, std::string_view method, std::string_view path) {
    const auto space = pattern.find(' ');
    if (space == std::string_view::npos) return false;
    const auto wanted = std::string{pattern.substr(0, space + 1)} + plain_path(pattern.substr(space + 1));
    auto plain = plain_path(path);
    if (matches_request(wanted, method, plain)) return true;
    while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
    if (matches_request(wanted, method, plain)) return true;
    const auto dot = plain.rfind('.');
    if (dot == std::string::npos || plain.find('/', dot) != std::string::npos) return false;
    return matches_request(wanted, method, plain.substr(0, dot));
}

void check_request_pattern(const std::string& pattern) {
    const auto space = pattern.find(' ');
    if (space == std::string::npos || pattern.size() > 1024) refuse(pattern, "write METHOD /path");
    const auto method = pattern.substr(0, space);
    if (method != "*" && !http_syntax::find_method(method))
        refuse(pattern, method + " is no method that is sent");
    const auto path = pattern.substr(space + 1);
    if (!path.starts_with('/')) refuse(pattern, "its path begins with a slash");
    check_stars(pattern, std::string_view{path}.substr(1));
    auto plain = path;
    for (auto& c : plain) {
        if (c == '*') c = 'x';
    }
    try {
        if (http_syntax::canonical_path(plain) == plain) return;
    } catch (const base::Error&) {
    }
    refuse(pattern, "its path is not in the form that is sent");
}

}  // namespace vault
