#include "auth/key_usage.hpp"

#include "base/log.hpp"

namespace auth {
namespace {

constexpr std::chrono::seconds period{5};

}  // namespace

KeyUsage::KeyUsage(db::Database& database)
    : database_{database}, thread_{[this] { record_periodically(); }} {}

KeyUsage::~KeyUsage() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    stop_requested_.notify_one();
    thread_.join();
}

void KeyUsage::note(const KeyId& id) {
    const std::lock_guard lock{mutex_};
    used_.insert(id);
}

void KeyUsage::record_periodically() {
    bool last = false;
    while (!last) {
        {
            std::unique_lock lock{mutex_};
            last = stop_requested_.wait_for(lock, period, [this] { return stopping_; });
        }
        try {
            record();
        } catch (const std::exception& error) {
            base::log(base::Severity::warning, "key_usage_not_recorded", {{"detail", error.what()}});
        }
    }
}

void KeyUsage::record() {
    static constexpr db::Statement statement{"auth.record_api_key_use",
                                             "SELECT auth.record_api_key_use($1::uuid[], now())"};
    std::vector<std::string> ids;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& id : used_) ids.push_back(id.uuid().text());
        used_.clear();
    }
    if (ids.empty()) return;
    db::Autocommit session{database_, {}};
    session.query(statement, ids);
}

}  // namespace auth
