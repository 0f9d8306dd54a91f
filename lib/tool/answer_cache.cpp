#include "tool/answer_cache.hpp"

#include "tool/call.hpp"

namespace tool {
namespace {

constexpr std::chrono::seconds longest_trust{10};
constexpr std::size_t most_bytes = std::size_t{2} << 20;
constexpr std::size_t largest_answer = std::size_t{128} << 10;

std::size_t size_of(const Text& text) { return text.line.size() + text.quoted.size(); }

}  // namespace

AnswerCache::AnswerCache(db::Database& database)
    : listener_{database,
                {"gatehouse_service"},
                {
                    .on_notification =
                        [this](const std::string&, const std::string& payload) {
                            const auto workspace = base::Uuid::parse(payload);
                            workspace ? forget(*workspace) : forget_all();
                        },
                    .on_gap = [this] { forget_all(); },
                }} {}

AnswerCache::Answer AnswerCache::find(const base::Uuid& workspace, const std::string& tool) const {
    if (!listener_.is_up()) return nullptr;
    const std::lock_guard lock{mutex_};
    const auto entry = entries_.find({workspace, tool});
    if (entry == entries_.end() || entry->second.until <= base::Clock::now()) return nullptr;
    return entry->second.answer;
}

void AnswerCache::keep(const base::Uuid& workspace, const std::string& tool, Answer answer,
                       Generation asked) {
    const auto size = size_of(*answer);
    if (!listener_.is_up() || size > largest_answer) return;
    const std::lock_guard lock{mutex_};
    if (generation_ != asked) return;
    if (kept_bytes_ + size > most_bytes) {
        entries_.clear();
        kept_bytes_ = 0;
    }
    auto& entry = entries_[{workspace, tool}];
    if (entry.answer) kept_bytes_ -= size_of(*entry.answer);
    entry = {std::move(answer), base::Clock::now() + longest_trust};
    kept_bytes_ += size;
}

void AnswerCache::forget(const base::Uuid& workspace) {
    const std::lock_guard lock{mutex_};
    ++generation_;
    auto entry = entries_.lower_bound({workspace, {}});
    while (entry != entries_.end() && entry->first.first == workspace) {
        kept_bytes_ -= size_of(*entry->second.answer);
        entry = entries_.erase(entry);
    }
}

void AnswerCache::forget_all() {
    const std::lock_guard lock{mutex_};
    ++generation_;
    entries_.clear();
    kept_bytes_ = 0;
}

Tool kept_per_workspace(Tool tool) {
    tool.run = [ask = std::move(tool.run), name = tool.name](const json& arguments, Call& call) -> Outcome {
        auto* answers = call.answers();
        if (answers == nullptr || !arguments.is_object() || !arguments.empty()) return ask(arguments, call);
        const auto& workspace = call.principal().workspace.uuid();
        if (auto kept = answers->find(workspace, name)) return Result{.text = std::move(kept)};
        const auto generation = answers->generation();
        auto outcome = ask(arguments, call);
        if (auto* result = std::get_if<Result>(&outcome)) {
            result->text = std::make_shared<const Text>(write(result->structured));
            if (!call.is_personal()) answers->keep(workspace, name, result->text, generation);
        }
        return outcome;
    };
    return tool;
}

}  // namespace tool
