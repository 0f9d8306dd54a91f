#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "security/token_tests/fixture.hpp"

using namespace test;

namespace {

/// Processes that each hold an egress of their own and begin together.
struct Processes : TokenFixture {
    struct Process {
        pid_t id;
        int go;
    };
    std::vector<Process> processes;

    void start(int count, int threads, const egress_client::CallRequest& call) {
        for (int i = 0; i < count; ++i) {
            int go[2];
            BOOST_REQUIRE(::pipe(go) == 0);
            const auto id = ::fork();
            if (id == 0) {
                ::close(go[1]);
                for (const auto& other : processes) ::close(other.go);
                ::_exit(work(threads, call, go[0]));
            }
            ::close(go[0]);
            processes.push_back({id, go[1]});
        }
    }

    /// How many of the calls were answered 200.
    int work(int threads, const egress_client::CallRequest& call, int go) {
        egress::Upstream upstream{deployment.config, deployment.world.resolver()};
        char byte = 0;
        [[maybe_unused]] const auto read = ::read(go, &byte, 1);
        std::atomic<int> successes = 0;
        std::vector<std::thread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&] {
                try {
                    if (upstream.call(caller, call, {}).status == 200) ++successes;
                } catch (const std::exception& error) {
                    std::fprintf(stderr, "call: %s\n", error.what());
                }
            });
        }
        for (auto& thread : callers) thread.join();
        return successes;
    }

    void go() {
        for (auto& process : processes) ::close(process.go);
    }

    int successes() {
        int sum = 0;
        for (const auto& process : processes) {
            int status = 0;
            ::waitpid(process.id, &status, 0);
            if (WIFEXITED(status)) sum += WEXITSTATUS(status);
        }
        processes.clear();
        return sum;
    }

    void kill_first() {
        ::kill(processes.front().id, SIGKILL);
        successes();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(processes, Processes)

BOOST_AUTO_TEST_CASE(of_64_calls_in_4_processes_one_refreshes_and_all_succeed) {
    for (const auto* query : {"delay=0", "delay=0.5", "delay=3"}) {
        forget_calls();
        const auto name = "shared" + std::to_string(static_cast<int>(query[6] - '0') + (query[7] ? 10 : 0));
        create_connected(name, "seed-" + name, query);
        start(4, 16, request(name));
        go();
        BOOST_TEST(successes() == 64, query);
        BOOST_TEST(token_calls().size() == 1U, query);
    }
}

BOOST_AUTO_TEST_CASE(a_refresher_killed_after_the_provider_answered_costs_one_reconnect_at_most) {
    const auto service = create_connected("shared", "seed-killed-after", "delay=3");
    start(1, 1, request("shared"));
    go();
    BOOST_REQUIRE(settles([&] { return token_calls().size() == 1U; }));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    kill_first();
    arrange(service, "claim_until = now() - interval '1 second'");  // 45 s later
    start(4, 4, request("shared"));
    go();
    BOOST_TEST(successes() == 0);
    BOOST_TEST(token_calls().size() == 2U);  // tried once more, no oftener
    BOOST_TEST(token(service).state == "needs_reconnect");
    BOOST_TEST(token(service).reason.find("interrupted") != std::string::npos);
    connect(service, "access-token-anew");
    start(4, 4, request("shared", "/echo"));
    go();
    BOOST_TEST(successes() == 16);
}

BOOST_AUTO_TEST_CASE(a_refresher_killed_before_the_provider_acted_costs_nothing) {
    const auto service = create_connected("shared", "seed-killed-before", "status=500");
    arrange(service,
            "claim_owner = gen_random_uuid(), claim_until = now() - interval '1 second', "
            "call_started_at = now() - interval '1 minute'");
    const auto other = create_connected("other", "seed-killed-really");
    arrange(other,
            "claim_owner = gen_random_uuid(), claim_until = now() - interval '1 second', "
            "call_started_at = now() - interval '1 minute'");
    start(4, 4, request("other"));
    go();
    BOOST_TEST(successes() == 16);
    BOOST_TEST(token(other).state == "active");
}

BOOST_AUTO_TEST_SUITE_END()
