#include "db/result.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace db {
namespace {

int hex_value(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

template <class Number>
Number number_of(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw std::logic_error{"a column does not hold the number that was expected"};
    }
    return number;
}

}  // namespace

void Result::Clear::operator()(pg_result* result) const { PQclear(result); }

Result::Result(pg_result* result) : result_{result} {}

int Result::size() const noexcept { return PQntuples(result_.get()); }

int Result::affected() const {
    const std::string_view count = PQcmdTuples(result_.get());
    return count.empty() ? 0 : number_of<int>(count);
}

bool Row::is_null(int column) const { return PQgetisnull(result_, index_, column) == 1; }

std::string_view Row::text(int column) const {
    return {PQgetvalue(result_, index_, column),
            static_cast<std::size_t>(PQgetlength(result_, index_, column))};
}

std::optional<std::string> Row::optional_string(int column) const {
    if (is_null(column)) return std::nullopt;
    return string(column);
}

std::int64_t Row::integer(int column) const { return number_of<std::int64_t>(text(column)); }

double Row::number(int column) const { return number_of<double>(text(column)); }

bool Row::boolean(int column) const { return text(column) == "t"; }

base::Uuid Row::uuid(int column) const {
    const auto uuid = base::Uuid::parse(text(column));
    if (!uuid) throw std::logic_error{"a column does not hold the uuid that was expected"};
    return *uuid;
}

std::string Row::bytes(int column) const {
    const auto hex = text(column);
    if (!hex.starts_with("\\x")) throw std::logic_error{"a column does not hold the bytea that was expected"};
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 2; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(hex_value(hex[i]) * 16 + hex_value(hex[i + 1]));
    }
    return bytes;
}

std::vector<std::string> Row::strings(int column) const {
    std::vector<std::string> strings;
    const auto array = text(column);
    std::size_t i = 1;
    while (i + 1 < array.size()) {
        std::string element;
        const bool quoted = array[i] == '"';
        if (quoted) ++i;
        while (i + 1 < array.size() && (quoted ? array[i] != '"' : array[i] != ',')) {
            if (array[i] == '\\') ++i;
            element += array[i++];
        }
        if (quoted) ++i;
        strings.push_back(std::move(element));
        ++i;
    }
    return strings;
}

base::Clock::time_point Row::time(int column) const {
    const auto micros = std::chrono::microseconds{static_cast<std::int64_t>(number(column) * 1e6)};
    return base::Clock::time_point{std::chrono::duration_cast<base::Clock::duration>(micros)};
}

}  // namespace db
