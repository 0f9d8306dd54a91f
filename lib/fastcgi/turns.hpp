#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/wait.hpp"

namespace fastcgi {

/// Which threads take requests: as many at once as the processors can run. A thread is looking for a request,
/// at work on one, waiting within one (base::Wait), or resting until it is needed.
///
/// More threads at work would not get more done; they would only make the unluckiest request wait for all the
/// others. So a thread that waits is replaced, and one that comes back from its request rests when there are
/// enough. What waits without saying so is found by its effect, that nobody looks and nothing gets done, and
/// allowed for. So the limit is a soft one: a burst, too, is met with a thread or two more.
class Turns final : public base::WaitObserver {
public:
    static constexpr int least_threads = 2;

    /// `limit`: how many the processors can run; at least least_threads. `start_thread` starts a thread that
    /// is looking; false when it cannot. Called from any thread.
    Turns(int limit, std::function<bool()> start_thread);

    /// The first threads.
    void begin();
    /// A looking thread has found a request.
    void take();
    /// The thread's request is answered. True: it is looking again; false: it is to end.
    bool finish();
    /// A looking thread has found nothing for long: true when it is to end.
    bool leave_if_spare();
    /// A looking thread ends.
    void leave();
    /// Nobody rests any longer.
    void dismiss();

    void begin_wait() noexcept override;
    void end_wait() noexcept override;

private:
    bool has_room() const noexcept { return looking_ + working_ < limit_ + allowance_; }
    void count_finished();
    bool rest(std::unique_lock<std::mutex>& lock);
    bool wait_until_needed(std::unique_lock<std::mutex>& lock);
    bool nothing_gets_done(std::unique_lock<std::mutex>& lock);
    void require_looking(std::unique_lock<std::mutex>& lock) noexcept;
    void start(std::unique_lock<std::mutex>& lock) noexcept;

    const int limit_;
    const std::function<bool()> start_thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int looking_ = 0;
    int working_ = 0;
    int resting_ = 0;
    int called_ = 0;     ///< of the resting: counted as looking already
    int allowance_ = 0;  ///< for threads that seem to wait without saying so
    unsigned long finished_ = 0;
    bool is_watched_ = false;  ///< a resting thread looks whether anything gets done
    bool is_dismissed_ = false;
};

}  // namespace fastcgi
