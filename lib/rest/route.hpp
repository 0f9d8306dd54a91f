#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rest {

/// The path parameters of a matched template, such as {service_name: github}.
using PathArguments = std::vector<std::pair<std::string, std::string>>;

/// Matches a path against a template: /services/{service_name}/call. A parameter takes one non-empty segment.
/// Nothing when it does not match.
std::optional<PathArguments> match(std::string_view path_template, std::string_view path);

}  // namespace rest
