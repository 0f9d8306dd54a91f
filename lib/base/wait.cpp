#include "base/wait.hpp"

#include <utility>

namespace base {
namespace {

thread_local WaitObserver* observer_of_thread = nullptr;
thread_local int depth = 0;

}  // namespace

void observe_waits(WaitObserver* observer) noexcept { observer_of_thread = observer; }

Wait::Wait() noexcept {
    if (depth++ == 0 && observer_of_thread) observer_of_thread->begin_wait();
}

Wait::~Wait() {
    if (--depth == 0 && observer_of_thread) observer_of_thread->end_wait();
}

Work::Work() noexcept : depth_{std::exchange(depth, 0)} {
    if (depth_ > 0 && observer_of_thread) observer_of_thread->end_wait();
}

Work::~Work() {
    if (depth_ > 0 && observer_of_thread) observer_of_thread->begin_wait();
    depth = depth_;
}

}  // namespace base
