#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "db/listener.hpp"
#include "tool/tool.hpp"

namespace tool {

/// Answers of reading tools, kept in this process. PostgreSQL tells on channel "gatehouse_service", with the
/// workspace's id, when what they show has changed: they are forgotten at once. While it cannot tell, nothing
/// is kept and nothing kept is used. Safe from any thread.
class AnswerCache {
public:
    explicit AnswerCache(db::Database& database);

    using Answer = std::shared_ptr<const Text>;
    /// Take it before asking the database; hand it to keep().
    using Generation = std::uint64_t;
    Generation generation() const noexcept { return generation_; }

    /// Null when there is none that may be used.
    Answer find(const base::Uuid& workspace, const std::string& tool) const;
    /// Does nothing when something was forgotten since `asked`.
    void keep(const base::Uuid& workspace, const std::string& tool, Answer answer, Generation asked);
    void forget(const base::Uuid& workspace);
    void forget_all();

private:
    struct Entry {
        Answer answer;
        base::Clock::time_point until;
    };
    using Key = std::pair<base::Uuid, std::string>;

    mutable std::mutex mutex_;
    std::map<Key, Entry> entries_;
    std::size_t kept_bytes_ = 0;
    std::atomic<Generation> generation_ = 0;
    db::Listener listener_;
};

/// The tool with its answer to a call without arguments kept per workspace. Only for a tool that reads, whose
/// answer changes only as the channel tells and depends on nothing but the workspace; where it depends on who
/// calls, the tool says so: Call::mark_personal.
Tool kept_per_workspace(Tool tool);

}  // namespace tool
