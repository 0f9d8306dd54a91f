#pragma once

#include <semaphore.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "base/wait.hpp"

namespace db {

/// Lets threads that ask for the same kind of thing at the same time share one statement, and so one commit.
/// Nobody waits for company: what comes while a statement is under way makes up the next one.
///
/// `Request` carries the question and takes the answer.
template <class Request>
class Group {
public:
    /// Answers all of them. Called from one of the asking threads, one call at a time. Must not throw: what
    /// goes wrong belongs into the requests.
    using Answer = std::function<void(std::span<Request*> requests)>;

    Group(std::size_t most, Answer answer) : most_{most}, answer_{std::move(answer)} {}

    /// Returns when the request has been answered.
    void ask(Request& request) {
        Seat seat{request};
        {
            const std::lock_guard lock{mutex_};
            waiting_.push_back(&seat);
            if (!is_answering_) seat.call();
            is_answering_ = true;
        }
        for (seat.wait(); !seat.is_answered; seat.wait()) answer_next();
    }

private:
    /// Where a request waits until it is answered, or called to answer those that wait.
    class Seat {
    public:
        explicit Seat(Request& its_request) : request{its_request} { sem_init(&calls_, 0, 0); }
        ~Seat() { sem_destroy(&calls_); }
        Seat(const Seat&) = delete;
        Seat& operator=(const Seat&) = delete;

        void call() { sem_post(&calls_); }
        void wait() {
            const base::Wait wait;
            while (sem_wait(&calls_) != 0 && errno == EINTR) {
            }
        }

        Request& request;
        bool is_answered = false;

    private:
        sem_t calls_;
    };

    void answer_next() {
        const auto seats = take_seats();
        std::vector<Request*> requests;
        for (auto* const seat : seats) requests.push_back(&seat->request);
        answer_(requests);
        call_next();
        for (auto* const seat : seats) {
            seat->is_answered = true;
            seat->call();
        }
    }

    std::vector<Seat*> take_seats() {
        const std::lock_guard lock{mutex_};
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most_, waiting_.size()));
        std::vector<Seat*> seats{waiting_.begin(), end};
        waiting_.erase(waiting_.begin(), end);
        return seats;
    }

    void call_next() {
        const std::lock_guard lock{mutex_};
        is_answering_ = !waiting_.empty();
        if (is_answering_) waiting_.front()->call();
    }

    std::size_t most_;
    Answer answer_;
    std::mutex mutex_;
    std::deque<Seat*> waiting_;
    bool is_answering_ = false;
};

}  // namespace db
