#pragma once

#include <string>
#include <vector>

#include "http_syntax/url.hpp"

namespace vault {

/// The URL that a caller means by a path or an absolute URL, when it lies at one of the origins.
/// Throws base::Error: as http_syntax::parse_url; forbidden "origin_not_allowed".
http_syntax::Url target_of(const std::string& url, const std::vector<std::string>& origins);

}  // namespace vault
