#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/uuid.hpp"

namespace db {

/// A binary value (bytea).
struct Bytes {
    std::string_view value;
};

/// A value bound to $1, $2, ...: text as PostgreSQL reads it, or bytes, or NULL.
class Parameter {
public:
    Parameter(std::nullopt_t) : is_null_{true} {}
    Parameter(std::string_view text) : text_{text} {}
    Parameter(const std::string& text) : text_{text} {}
    Parameter(const char* text) : text_{text} {}
    Parameter(Bytes bytes) : text_{bytes.value}, is_binary_{true} {}
    Parameter(bool value) : text_{value ? "t" : "f"} {}
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool>) Parameter(Integer value) : text_{std::to_string(value)} {}
    Parameter(double value) : text_{std::to_string(value)} {}
    Parameter(const base::Uuid& uuid) : text_{uuid.text()} {}
    template <class Tag>
    Parameter(const base::Id<Tag>& id) : text_{id.uuid().text()} {}
    /// An array, of text or of anything written as text: each element quoted.
    Parameter(const std::vector<std::string>& texts);
    /// An array in which some elements are NULL.
    Parameter(const std::vector<std::optional<std::string>>& texts);
    template <class T>
    Parameter(const std::optional<T>& value)
        : Parameter{value ? Parameter{*value} : Parameter{std::nullopt}} {}

    bool is_null() const noexcept { return is_null_; }
    bool is_binary() const noexcept { return is_binary_; }
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    bool is_null_ = false;
    bool is_binary_ = false;
};

}  // namespace db
