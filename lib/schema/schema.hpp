#pragma once

#include <concepts>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "schema/field.hpp"
#include "schema/json.hpp"

namespace schema {

/// The JSON Schema (draft 2020-12) of T, from its list of fields.
template <class T>
json json_schema();

/// Reads a T. Throws base::Error (invalid_input, "invalid_arguments") that names the path of the first
/// misfit, such as "limit: expected an integer from 1 to 100". A member that T does not list is a misfit.
template <class T>
T decode(const json& value, const std::string& path = {});

/// Writes a T; absent optional members are left out.
template <class T>
json encode(const T& value);

namespace detail {

template <class T>
concept Listed = requires {
    T::fields;
};
template <class T>
concept Named = requires {
    Names<T>::names;
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

[[noreturn]] void misfit(const std::string& path, const std::string& expected);
std::string member_path(const std::string& path, const std::string& name);
std::string element_path(const std::string& path, std::size_t index);
void check_length(const std::string& path, std::size_t size, const Bounds& bounds, const char* unit);
std::int64_t integer_of(const json& value, const std::string& path, const Bounds& bounds);
double number_of(const json& value, const std::string& path, const Bounds& bounds);
void add_bounds(json& schema, const Bounds& bounds, const char* least, const char* most);
/// JSON Schema counts code points (Validation section 6.3.1).
std::size_t characters_in(const std::string& text);
void require_object(const json& value, const std::string& path);
[[noreturn]] void refuse_unknown_member(const std::string& path, const std::string& name);

template <class T>
json schema_of(const Bounds& bounds) {
    if constexpr (is_optional<T>::value) {
        return schema_of<typename T::value_type>(bounds);
    } else if constexpr (std::same_as<T, json>) {
        return json::object();
    } else if constexpr (std::same_as<T, bool>) {
        return json{{"type", "boolean"}};
    } else if constexpr (Named<T>) {
        json names = json::array();
        for (const auto& [value, name] : Names<T>::names) names.push_back(name);
        return json{{"type", "string"}, {"enum", std::move(names)}};
    } else if constexpr (std::integral<T>) {
        json schema{{"type", "integer"}};
        add_bounds(schema, bounds, "minimum", "maximum");
        return schema;
    } else if constexpr (std::floating_point<T>) {
        json schema{{"type", "number"}};
        add_bounds(schema, bounds, "minimum", "maximum");
        return schema;
    } else if constexpr (std::same_as<T, std::string>) {
        json schema{{"type", "string"}};
        add_bounds(schema, bounds, "minLength", "maxLength");
        return schema;
    } else if constexpr (is_vector<T>::value) {
        json schema{{"type", "array"}, {"items", schema_of<typename T::value_type>({})}};
        add_bounds(schema, bounds, "minItems", "maxItems");
        return schema;
    } else if constexpr (is_map<T>::value) {
        return json{{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>({})}};
    } else {
        static_assert(Listed<T>, "a struct must list its fields");
        return json_schema<T>();
    }
}

template <class T>
T read(const json& value, const std::string& path, const Bounds& bounds) {
    if constexpr (is_optional<T>::value) {
        return read<typename T::value_type>(value, path, bounds);
    } else if constexpr (std::same_as<T, json>) {
        return value;
    } else if constexpr (std::same_as<T, bool>) {
        if (!value.is_boolean()) misfit(path, "expected true or false");
        return value.get<bool>();
    } else if constexpr (Named<T>) {
        if (value.is_string()) {
            for (const auto& [named, name] : Names<T>::names) {
                if (value.get_ref<const std::string&>() == name) return named;
            }
        }
        std::string expected = "expected one of";
        for (const auto& [named, name] : Names<T>::names) (expected += ' ') += name;
        misfit(path, expected);
    } else if constexpr (std::integral<T>) {
        return static_cast<T>(integer_of(value, path, bounds));
    } else if constexpr (std::floating_point<T>) {
        return number_of(value, path, bounds);
    } else if constexpr (std::same_as<T, std::string>) {
        if (!value.is_string()) misfit(path, "expected a string");
        check_length(path, characters_in(value.get_ref<const std::string&>()), bounds, "characters");
        return value.get<std::string>();
    } else if constexpr (is_vector<T>::value) {
        if (!value.is_array()) misfit(path, "expected an array");
        check_length(path, value.size(), bounds, "items");
        T items;
        for (std::size_t i = 0; i < value.size(); ++i) {
            items.push_back(read<typename T::value_type>(value[i], element_path(path, i), {}));
        }
        return items;
    } else if constexpr (is_map<T>::value) {
        require_object(value, path);
        T members;
        for (const auto& [name, member] : value.items()) {
            members.emplace(name, read<typename T::mapped_type>(member, member_path(path, name), {}));
        }
        return members;
    } else {
        return decode<T>(value, path);
    }
}

template <class T>
json write(const T& value) {
    if constexpr (is_optional<T>::value) {
        return value ? write(*value) : json(nullptr);
    } else if constexpr (Named<T>) {
        for (const auto& [named, name] : Names<T>::names) {
            if (named == value) return json(name);
        }
        return json(nullptr);
    } else if constexpr (is_vector<T>::value) {
        json items = json::array();
        for (const auto& item : value) items.push_back(write(item));
        return items;
    } else if constexpr (is_map<T>::value) {
        json members = json::object();
        for (const auto& [name, member] : value) members[name] = write(member);
        return members;
    } else if constexpr (Listed<T>) {
        return encode(value);
    } else {
        return json(value);
    }
}

template <class Struct, class Member>
void read_field(Struct& target, const Field<Struct, Member>& field, const json& value,
                const std::string& path, std::size_t& found) {
    const auto member = value.find(field.name);
    const bool absent = member == value.end() || (is_optional<Member>::value && member->is_null());
    if (member != value.end()) ++found;
    if (!absent) {
        target.*field.member = read<Member>(*member, member_path(path, field.name), field.bounds);
    } else if (!is_optional<Member>::value) {
        misfit(member_path(path, field.name), "is required");
    }
}

template <class Struct>
[[noreturn]] void name_unknown_member(const json& value, const std::string& path) {
    for (const auto& member : value.items()) {
        const std::string& name = member.key();
        const bool known =
            std::apply([&](const auto&... field) { return ((name == field.name) || ...); }, Struct::fields);
        if (!known) refuse_unknown_member(path, name);
    }
    misfit(path, "has an unexpected member");
}

}  // namespace detail

template <class T>
json json_schema() {
    json properties = json::object();
    json required = json::array();
    const auto add = [&]<class Member>(const Field<T, Member>& field) {
        json property = detail::schema_of<Member>(field.bounds);
        property["description"] = field.description;
        properties[field.name] = std::move(property);
        if (!detail::is_optional<Member>::value) required.push_back(field.name);
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields);
    json schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

template <class T>
T decode(const json& value, const std::string& path) {
    detail::require_object(value, path);
    T target{};
    std::size_t found = 0;
    std::apply([&](const auto&... field) { (detail::read_field(target, field, value, path, found), ...); },
               T::fields);
    if (found != value.size()) detail::name_unknown_member<T>(value, path);
    return target;
}

template <class T>
json encode(const T& value) {
    json object = json::object();
    const auto add = [&]<class Member>(const Field<T, Member>& field) {
        json member = detail::write(value.*field.member);
        if (detail::is_optional<Member>::value && member.is_null()) return;
        object[field.name] = std::move(member);
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields);
    return object;
}

}  // namespace schema
