#define BOOST_TEST_MODULE group_tests
#include <atomic>
#include <barrier>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "db/group.hpp"

using namespace std::chrono_literals;

namespace {

struct Square {
    int number;
    int result = 0;
};

// Answers as a database does: after a while, one group at a time.
struct Service {
    explicit Service(std::size_t most) : group{most, [this](auto requests) { answer(requests); }} {}

    void answer(std::span<Square*> requests) {
        if (++under_way != 1) overlapped = true;
        largest = std::max<std::size_t>(largest, requests.size());
        ++groups;
        std::this_thread::sleep_for(2ms);
        for (auto* const each : requests) each->result = each->number * each->number;
        --under_way;
    }

    std::atomic<int> under_way = 0;
    std::atomic<bool> overlapped = false;
    std::size_t largest = 0;
    int groups = 0;
    db::Group<Square> group;
};

int wrong_answers(Service& service, int threads, int times) {
    std::atomic<int> wrong = 0;
    std::barrier together{threads};
    std::vector<std::jthread> asking;
    for (int i = 0; i < threads; ++i) {
        asking.emplace_back([&, i] {
            together.arrive_and_wait();
            for (int j = 0; j < times; ++j) {
                Square square{i * times + j};
                service.group.ask(square);
                if (square.result != square.number * square.number) ++wrong;
            }
        });
    }
    asking.clear();
    return wrong;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_request_alone_is_answered_alone) {
    Service service{8};
    BOOST_TEST(wrong_answers(service, 1, 3) == 0);
    BOOST_TEST(service.groups == 3);
    BOOST_TEST(service.largest == 1U);
}

BOOST_AUTO_TEST_CASE(requests_of_the_same_time_are_answered_together_and_each_with_its_own_answer) {
    Service service{64};
    BOOST_TEST(wrong_answers(service, 16, 50) == 0);
    BOOST_TEST(!service.overlapped);
    BOOST_TEST(service.groups < 16 * 50 / 4);
}

BOOST_AUTO_TEST_CASE(a_group_is_never_larger_than_the_most) {
    Service service{3};
    BOOST_TEST(wrong_answers(service, 16, 20) == 0);
    BOOST_TEST(service.largest == 3U);
    BOOST_TEST(!service.overlapped);
}
