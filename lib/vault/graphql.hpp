#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace vault {

/// Every name in a GraphQL document (October 2021, section 2.1.9): of fields, whatever their aliases, but of
/// anything else, too. Nothing when readers may disagree about where its strings and comments end.
std::optional<std::vector<std::string_view>> graphql_names(std::string_view document);

}  // namespace vault
