#pragma once

#include <string>
#include <utility>
#include <vector>

namespace http {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A whole answer. Content-Length is added by the layer that sends it.
struct Response {
    int status = 200;
    Fields fields;
    std::string body;
};

}  // namespace http
