#include "rest/route.hpp"

namespace rest {
namespace {

/// Takes the first segment off a path that starts with a slash.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

}  // namespace

std::optional<PathArguments> match(std::string_view path_template, std::string_view path) {
    PathArguments arguments;
    while (path_template.starts_with('/') && path.starts_with('/')) {
        const auto expected = take_segment(path_template);
        const auto segment = take_segment(path);
        if (is_parameter(expected)) {
            if (segment.empty()) return std::nullopt;
            arguments.emplace_back(expected.substr(1, expected.size() - 2), segment);
        } else if (expected != segment) {
            return std::nullopt;
        }
    }
    if (!path_template.empty() || !path.empty()) return std::nullopt;
    return arguments;
}

}  // namespace rest
