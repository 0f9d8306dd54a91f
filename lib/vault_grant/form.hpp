#pragma once

#include <string>
#include <string_view>

namespace vault_grant {

/// Name and value pairs, percent-encoded: of a form's body or a query.
class Form {
public:
    void add(std::string_view name, std::string_view value);
    /// Nothing when the value is empty.
    void add_unless_empty(std::string_view name, std::string_view value);
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace vault_grant
