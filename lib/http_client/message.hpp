#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "http_syntax/method.hpp"
#include "http_syntax/url.hpp"

namespace http_client {

using http_syntax::Method;
using http_syntax::Url;

struct Field {
    std::string name;
    base::Secret value;  ///< any value may be a credential: all are wiped
};

struct Request {
    const Method* method = nullptr;
    Url url;
    base::Secret query_suffix;  ///< appended to the URL's query: a credential that belongs there
    std::vector<Field> fields;
    std::optional<std::string> body;
    /// Whose connections may be used again, such as workspace, service and its version. Empty: a connection
    /// of its own that is closed afterwards.
    std::string pool_key;
};

struct Limits {
    std::chrono::milliseconds connect{5000};
    std::chrono::milliseconds total{30000};
    std::size_t body = 5 * 1024 * 1024;  ///< decoded bytes kept; what follows is not read
    std::size_t header = 64 * 1024;      ///< bytes of all header lines
    std::size_t ratio = 100;             ///< decoded to encoded, once more than `ratio_from` were decoded
    std::size_t ratio_from = 1024 * 1024;
    std::chrono::seconds stall{
        10};  ///< once the answer has begun: at least 100 bytes a second over this time
};

struct Response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case, in order
    std::string body;                                         ///< decoded
    bool truncated = false;                                   ///< the body was longer than the limit

    std::string_view field(std::string_view name) const noexcept;
};

/// What a caller may do while a transfer runs.
struct Hooks {
    std::function<bool()> is_cancelled;             ///< asked at least once a second
    std::function<bool(std::string_view)> on_body;  ///< takes the body's pieces instead of Response::body
};

}  // namespace http_client
