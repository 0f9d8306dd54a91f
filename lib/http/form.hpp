#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"

namespace http {

/// The parameters of a form (application/x-www-form-urlencoded) or of a query, decoded.
///
/// An empty value is the same as an absent one (OAuth 2.1 section 3.1). A parameter that came twice has no
/// value: find() gives nothing, first_repeated() names it; unknown ones may repeat.
class Form {
public:
    static constexpr std::size_t size_limit = 64 * 1024;
    static constexpr std::size_t parameter_limit = 100;

    /// Reads a request's body. Throws base::Error (invalid_input): "media_type_unsupported" when
    /// Content-Type says another type, and as parse().
    static Form of(const Request& request);
    /// Throws base::Error: invalid_input "form_malformed" (a broken encoding, a NUL, text that is not UTF-8,
    /// more than 100 parameters); too_large "form_too_large" above 64 KiB.
    static Form parse(std::string_view text);

    /// The value, when it came once and is not empty.
    std::optional<std::string> find(std::string_view name) const;
    /// The value, or an empty text.
    std::string text(std::string_view name) const { return find(name).value_or(""); }
    /// Throws base::Error (invalid_input, "parameter_missing" or "parameter_repeated") that names it.
    std::string require(std::string_view name) const;

    bool is_repeated(std::string_view name) const;
    /// The first parameter, in the order they came, that came more than once.
    std::optional<std::string> first_repeated() const;

    const std::vector<std::pair<std::string, std::string>>& parameters() const noexcept {
        return parameters_;
    }

private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace http
