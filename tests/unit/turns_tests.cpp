#define BOOST_TEST_MODULE turns_tests
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <deque>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "fastcgi/turns.hpp"

namespace {

using namespace std::chrono_literals;
using Task = std::function<void()>;

constexpr int limit = 3;
constexpr int watching = 1;

/// Threads that take tasks by turns, as those of a server take requests.
class Pool {
public:
    Pool() { turns_.begin(); }
    ~Pool() {
        {
            const std::lock_guard lock{mutex_};
            is_over_ = true;
        }
        changed_.notify_all();
        turns_.dismiss();
        while (running_ > 0) std::this_thread::sleep_for(1ms);
    }

    void give(int count, const Task& task) {
        const std::lock_guard lock{mutex_};
        tasks_.insert(tasks_.end(), static_cast<std::size_t>(count), task);
        changed_.notify_all();
    }

private:
    bool start() {
        ++running_;
        std::thread{[this] {
            work();
            --running_;
        }}.detach();
        return true;
    }

    void work() {
        base::observe_waits(&turns_);
        while (const auto task = next()) {
            turns_.take();
            (*task)();
            if (!turns_.finish()) return;
        }
        turns_.leave();
    }

    std::optional<Task> next() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return is_over_ || !tasks_.empty(); });
        if (is_over_) return std::nullopt;
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        return task;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;
    bool is_over_ = false;
    std::atomic<int> running_{0};
    fastcgi::Turns turns_{limit, [this] { return start(); }};
};

void compute_for(std::chrono::microseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

bool is_done_within(std::latch& latch, std::chrono::milliseconds time) {
    for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
        if (latch.try_wait()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return latch.try_wait();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(turns)

BOOST_AUTO_TEST_CASE(let_no_more_threads_work_than_the_processors_run) {
    constexpr int count = 2000;
    std::latch done{count};
    std::atomic<int> at_work{0};
    std::atomic<int> most{0};
    {
        Pool pool;
        pool.give(count, [&] {
            const int now = ++at_work;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            compute_for(50us);
            --at_work;
            done.count_down();
        });
        BOOST_TEST(is_done_within(done, 20s));
    }
    BOOST_TEST(most <= limit + watching);
}

BOOST_AUTO_TEST_CASE(replace_every_thread_that_waits) {
    constexpr int count = 40;
    std::latch together{count};
    Pool pool;
    pool.give(count, [&] {
        const base::Wait wait;
        together.arrive_and_wait();
    });
    BOOST_TEST(is_done_within(together, 10s));
}

BOOST_AUTO_TEST_CASE(find_out_that_threads_wait_without_saying_so) {
    constexpr int count = 12;
    std::latch together{count};
    Pool pool;
    pool.give(count, [&] { together.arrive_and_wait(); });
    BOOST_TEST(is_done_within(together, 10s));
}

BOOST_AUTO_TEST_CASE(need_no_more_threads_when_a_burst_is_over) {
    Pool pool;
    for (int burst = 0; burst < 3; ++burst) {
        std::latch together{8};
        std::latch done{8};
        pool.give(8, [&] {
            {
                const base::Wait wait;
                together.arrive_and_wait();
            }
            compute_for(100us);
            done.count_down();
        });
        BOOST_TEST(is_done_within(done, 10s));
    }
}

BOOST_AUTO_TEST_SUITE_END()
