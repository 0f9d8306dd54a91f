#pragma once

namespace base {

/// Who is told when a thread that works waits for something other than the processor.
class WaitObserver {
public:
    virtual void begin_wait() noexcept = 0;
    virtual void end_wait() noexcept = 0;

protected:
    ~WaitObserver() = default;
};

/// From now on the observer is told of the calling thread's waits; null for none. It must outlive them.
void observe_waits(WaitObserver* observer) noexcept;

/// While it lives the calling thread waits: for a database, a network, another thread. May be nested.
class Wait {
public:
    Wait() noexcept;
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
};

/// While it lives a thread that waits works nevertheless: on what arrives meanwhile.
class Work {
public:
    Work() noexcept;
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

private:
    int depth_;
};

}  // namespace base
