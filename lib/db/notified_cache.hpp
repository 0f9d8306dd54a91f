#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/listener.hpp"

namespace db {

/// What a process remembers of the database's answers. An entry is trusted for `longest` at most, only as
/// long as notifications arrive, and not if one arrived between the question and its answer: a notification
/// on any of the channels forgets everything. Safe from any thread.
template <class Value>
class NotifiedCache {
public:
    using Time = std::chrono::steady_clock::time_point;

    NotifiedCache(Database& database, std::vector<std::string> channels, std::chrono::seconds longest,
                  std::size_t most)
        : longest_{longest},
          most_{most},
          listener_{database,
                    std::move(channels),
                    {
                        .on_notification = [this](const auto&, const auto&) { forget_all(); },
                        .on_gap = [this] { forget_all(); },
                    }} {}

    std::optional<Value> find(const std::string& key) const {
        const std::lock_guard lock{mutex_};
        const auto found = entries_.find(key);
        if (found == entries_.end() || !listener_.is_up()) return std::nullopt;
        if (found->second.until <= std::chrono::steady_clock::now()) return std::nullopt;
        return found->second.value;
    }

    /// When a question to the database begins: take it before asking, hand it to remember().
    struct Question {
        std::uint64_t generation;
        bool is_trusted;
    };
    Question ask() const {
        const std::lock_guard lock{mutex_};
        return {generation_, listener_.is_up()};
    }

    void remember(const std::string& key, Value value, const Question& asked) {
        const std::lock_guard lock{mutex_};
        if (!asked.is_trusted || generation_ != asked.generation) return;
        if (entries_.size() >= most_) entries_.clear();
        entries_.insert_or_assign(key, Entry{std::move(value), std::chrono::steady_clock::now() + longest_});
    }

    void forget_all() {
        const std::lock_guard lock{mutex_};
        ++generation_;
        entries_.clear();
    }

private:
    struct Entry {
        Value value;
        Time until;
    };
    std::chrono::seconds longest_;
    std::size_t most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::uint64_t generation_ = 0;
    Listener listener_;
};

}  // namespace db
