#pragma once

#include <cstdint>
#include <limits>

namespace schema {

/// Bounds of a field. For numbers the value's, for strings the length's in bytes, for arrays the count's.
struct Bounds {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();

    constexpr bool has_least() const { return least != std::numeric_limits<std::int64_t>::min(); }
    constexpr bool has_most() const { return most != std::numeric_limits<std::int64_t>::max(); }
};

/// One member of a struct: its name on the wire, where it lives, what it means.
template <class Struct, class Member>
struct Field {
    const char* name;
    Member Struct::*member;
    const char* description;
    Bounds bounds;
};

/// A struct lists its fields once:
///     static constexpr auto fields = std::tuple{schema::field("limit", &Input::limit, "How many.", {1,
///     100})};
/// A member of type std::optional may be absent, every other one is required.
template <class Struct, class Member>
constexpr Field<Struct, Member> field(const char* name, Member Struct::*member, const char* description,
                                      Bounds bounds = {}) {
    return {name, member, description, bounds};
}

/// An enumeration's names on the wire: specialize with
///     static constexpr std::array names{std::pair{Color::red, "red"}, ...};
template <class Enum>
struct Names;

}  // namespace schema
