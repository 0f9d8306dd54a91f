#include "fastcgi/turns.hpp"

#include <algorithm>
#include <chrono>

namespace fastcgi {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_rest = 10s;
constexpr auto patience = 5ms;
constexpr unsigned long proving_interval = 256;

}  // namespace

Turns::Turns(int limit, std::function<bool()> start_thread)
    : limit_{std::max(least_threads, limit)}, start_thread_{std::move(start_thread)} {}

void Turns::begin() {
    std::unique_lock lock{mutex_};
    for (int i = 0; i < least_threads; ++i) start(lock);
}

void Turns::take() {
    std::unique_lock lock{mutex_};
    --looking_;
    ++working_;
    require_looking(lock);
}

bool Turns::finish() {
    std::unique_lock lock{mutex_};
    --working_;
    count_finished();
    if (!has_room() && !is_dismissed_) return rest(lock);
    ++looking_;
    return true;
}

bool Turns::leave_if_spare() {
    const std::lock_guard lock{mutex_};
    if (looking_ <= least_threads) return false;
    --looking_;
    return true;
}

void Turns::leave() {
    const std::lock_guard lock{mutex_};
    --looking_;
}

void Turns::dismiss() {
    const std::lock_guard lock{mutex_};
    is_dismissed_ = true;
    changed_.notify_all();
}

void Turns::begin_wait() noexcept {
    std::unique_lock lock{mutex_};
    --working_;
    require_looking(lock);
}

void Turns::end_wait() noexcept {
    const std::lock_guard lock{mutex_};
    ++working_;
}

/// What is allowed for threads that seem to wait is no more than are at work, and proves itself anew now and
/// then.
void Turns::count_finished() {
    allowance_ = std::min(allowance_, working_);
    if (++finished_ % proving_interval == 0 && allowance_ > 0) --allowance_;
}

/// Somebody has to look, or to watch when all are at work.
void Turns::require_looking(std::unique_lock<std::mutex>& lock) noexcept {
    if (looking_ > 0 || is_dismissed_) return;
    if (has_room() && resting_ > called_) {
        ++called_;
        ++looking_;
        changed_.notify_one();
    } else if (has_room() || resting_ == 0) {
        start(lock);
    } else if (!is_watched_) {
        changed_.notify_one();
    }
}

/// The new thread counts as looking before it does.
void Turns::start(std::unique_lock<std::mutex>& lock) noexcept {
    ++looking_;
    lock.unlock();
    const bool is_started = start_thread_();
    lock.lock();
    if (!is_started) --looking_;
}

bool Turns::rest(std::unique_lock<std::mutex>& lock) {
    ++resting_;
    const bool is_needed = wait_until_needed(lock);
    --resting_;
    return is_needed;
}

/// False after a long rest in which nobody needed it.
bool Turns::wait_until_needed(std::unique_lock<std::mutex>& lock) {
    for (;;) {
        if (called_ > 0) {
            --called_;
            return true;
        }
        const bool is_unwatched = looking_ == 0 && !is_watched_;
        if (is_unwatched && !has_room() && nothing_gets_done(lock)) ++allowance_;
        if (called_ == 0 && (is_dismissed_ || has_room())) {
            ++looking_;
            return true;
        }
        if (is_unwatched) continue;
        const bool is_tired = changed_.wait_for(lock, longest_rest) == std::cv_status::timeout;
        if (is_tired && called_ == 0 && looking_ > 0) return false;
    }
}

/// Whether for a while nobody looks and no request is finished.
bool Turns::nothing_gets_done(std::unique_lock<std::mutex>& lock) {
    is_watched_ = true;
    const auto before = finished_;
    const bool is_over = changed_.wait_for(lock, patience) == std::cv_status::timeout;
    is_watched_ = false;
    return is_over && looking_ == 0 && finished_ == before;
}

}  // namespace fastcgi
