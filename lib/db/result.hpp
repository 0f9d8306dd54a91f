#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"

struct pg_result;

namespace db {

/// One row of a result; valid as long as the result. Columns are numbered from 0 in the order of the
/// statement.
class Row {
public:
    bool is_null(int column) const;
    std::string_view text(int column) const;  ///< as PostgreSQL prints it; empty for NULL
    std::string string(int column) const { return std::string{text(column)}; }
    std::optional<std::string> optional_string(int column) const;
    std::int64_t integer(int column) const;
    double number(int column) const;
    bool boolean(int column) const;
    base::Uuid uuid(int column) const;
    std::string bytes(int column) const;                 ///< of a bytea
    std::vector<std::string> strings(int column) const;  ///< of a text[]
    /// Of a timestamptz given as `extract(epoch from t)`.
    base::Clock::time_point time(int column) const;

private:
    friend class Result;
    Row(const pg_result* result, int index) : result_{result}, index_{index} {}
    const pg_result* result_;
    int index_;
};

/// The rows a statement returned.
class Result {
public:
    explicit Result(pg_result* result);
    Result(Result&&) noexcept = default;
    Result& operator=(Result&&) noexcept = default;

    const pg_result* raw() const noexcept { return result_.get(); }
    int size() const noexcept;
    bool empty() const noexcept { return size() == 0; }
    Row operator[](int index) const { return Row{result_.get(), index}; }
    Row front() const { return (*this)[0]; }
    /// How many rows an INSERT, UPDATE or DELETE touched.
    int affected() const;

    class Iterator {
    public:
        Iterator(const Result& result, int index) : result_{&result}, index_{index} {}
        Row operator*() const { return (*result_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return index_ != other.index_; }

    private:
        const Result* result_;
        int index_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace db
