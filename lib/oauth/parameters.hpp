#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"

namespace oauth {

/// The parameters of an OAuth request (OAuth 2.1 section 3.1): one without a value counts as absent, unknown
/// ones are there to be ignored.
class Parameters {
public:
    /// Throws refusal("invalid_request") for a broken encoding or a parameter that comes twice; `resource`
    /// alone may (RFC 8707 section 2).
    static Parameters parse(std::string_view encoded);
    /// Of a POST request. Throws refusal("invalid_request") also when its content is of another type.
    static Parameters of_form(const http::Request& request);

    /// Empty when absent.
    const std::string& text(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return !text(name).empty(); }
    /// As text(); throws refusal("invalid_request") when absent.
    const std::string& require(const char* name) const;
    std::optional<std::string> find(std::string_view name) const;
    /// Every value, in order.
    std::vector<std::string> all(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace oauth
