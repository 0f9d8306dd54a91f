#include "schema/schema.hpp"

#include <cmath>

#include "base/error.hpp"

namespace schema::detail {
namespace {

std::string range_text(const Bounds& bounds) {
    if (bounds.has_least() && bounds.has_most()) {
        return " from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most);
    }
    if (bounds.has_least()) return " of at least " + std::to_string(bounds.least);
    if (bounds.has_most()) return " of at most " + std::to_string(bounds.most);
    return "";
}

}  // namespace

void misfit(const std::string& path, const std::string& expected) {
    throw base::Error{base::Reason::invalid_input, "invalid_arguments",
                      path.empty() ? "arguments: " + expected : path + ": " + expected};
}

void refuse_unknown_member(const std::string& path, const std::string& name) {
    misfit(member_path(path, name.substr(0, 64)), "is not a known member");
}

std::string member_path(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + '.' + name;
}

std::string element_path(const std::string& path, std::size_t index) {
    return path + '[' + std::to_string(index) + ']';
}

void require_object(const json& value, const std::string& path) {
    if (!value.is_object()) misfit(path, "expected an object");
}

std::size_t characters_in(const std::string& text) {
    std::size_t characters = 0;
    for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    return characters;
}

void check_length(const std::string& path, std::size_t size, const Bounds& bounds, const char* unit) {
    const auto length = static_cast<std::int64_t>(size);
    if (length < bounds.least || length > bounds.most) {
        misfit(path, "expected a length" + range_text(bounds) + ' ' + unit);
    }
}

std::int64_t integer_of(const json& value, const std::string& path, const Bounds& bounds) {
    const std::string expected = "expected an integer" + range_text(bounds);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
        misfit(path, expected);
    std::int64_t number = 0;
    if (value.is_number_integer()) {
        number = value.get<std::int64_t>();
    } else if (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>() &&
               std::fabs(value.get<double>()) < 9e15) {
        number = static_cast<std::int64_t>(value.get<double>());
    } else {
        misfit(path, expected);
    }
    if (number < bounds.least || number > bounds.most) misfit(path, expected);
    return number;
}

double number_of(const json& value, const std::string& path, const Bounds& bounds) {
    const std::string expected = "expected a number" + range_text(bounds);
    if (!value.is_number()) misfit(path, expected);
    const auto number = value.get<double>();
    if (bounds.has_least() && number < static_cast<double>(bounds.least)) misfit(path, expected);
    if (bounds.has_most() && number > static_cast<double>(bounds.most)) misfit(path, expected);
    return number;
}

void add_bounds(json& schema, const Bounds& bounds, const char* least, const char* most) {
    if (bounds.has_least()) schema[least] = bounds.least;
    if (bounds.has_most()) schema[most] = bounds.most;
}

}  // namespace schema::detail
