#define BOOST_TEST_MODULE egress_client_tests
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "egress_client/connection.hpp"
#include "egress_client/refusal.hpp"

namespace {

/// Answers each connection with the next of the given texts, then closes it.
class Server {
public:
    explicit Server(std::vector<std::string> answers) {
        std::string name = "/tmp/egress_client.XXXXXX";
        folder_ = ::mkdtemp(name.data());
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strcpy(address.sun_path, path().c_str());
        listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(listener_, 8);
        thread_ = std::thread{[this, answers = std::move(answers)] { serve(answers); }};
    }
    ~Server() {
        thread_.join();
        ::close(listener_);
        std::filesystem::remove_all(folder_);
    }
    std::filesystem::path path() const { return folder_ / "socket"; }

private:
    void serve(const std::vector<std::string>& answers) const {
        for (const auto& answer : answers) {
            const int connection = ::accept(listener_, nullptr, nullptr);
            char request[65536];
            [[maybe_unused]] const auto size = ::recv(connection, request, sizeof request, 0);
            for (const char c : answer) {  // one at a time: nothing may depend on how bytes come in
                [[maybe_unused]] const auto sent = ::send(connection, &c, 1, MSG_NOSIGNAL);
            }
            ::close(connection);
        }
    }

    std::filesystem::path folder_;
    int listener_;
    std::thread thread_;
};

const auto soon = [] { return std::chrono::steady_clock::now() + std::chrono::seconds{5}; };

std::string outcome_of(const std::string& answer) {
    Server server{{answer}};
    egress_client::Connection connection{server.path()};
    try {
        const auto got = connection.post("/egress", "{}", soon(), {});
        return std::to_string(got.status) + ' ' + got.body + (got.keeps_open ? "" : " close");
    } catch (const base::Error& error) {
        return error.code();
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(answers_with_a_length_or_in_chunks_are_read) {
    BOOST_TEST(outcome_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") == "200 hello");
    BOOST_TEST(outcome_of("HTTP/1.1 403 No\r\ncontent-length:2\r\nConnection: close\r\n\r\n{}") ==
               "403 {} close");
    BOOST_TEST(
        outcome_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n") ==
        "200 hello");
}

BOOST_AUTO_TEST_CASE(whatever_is_not_understood_is_no_answer) {
    for (const auto* answer :
         {"", "nonsense", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"})
        BOOST_TEST(outcome_of(answer) == "egress_unavailable", answer);
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_said_so) {
    BOOST_CHECK_EXCEPTION(egress_client::Connection{"/tmp/there-is-no-such-socket"}, base::Error,
                          [](const auto& error) { return error.code() == "egress_unreachable"; });
    BOOST_CHECK_THROW(egress_client::Connection{std::string(200, 'x')}, base::Error);
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_the_deadline_or_the_callers_wish) {
    std::string name = "/tmp/egress_client.XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, (folder / "socket").c_str());
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener, 8);
    const auto start = std::chrono::steady_clock::now();
    egress_client::Connection first{folder / "socket"};
    BOOST_CHECK_EXCEPTION(first.post("/", "", start + std::chrono::milliseconds{200}, {}), base::Error,
                          [](const auto& error) { return error.code() == "egress_unavailable"; });
    egress_client::Connection second{folder / "socket"};
    BOOST_CHECK_EXCEPTION(second.post("/", "", soon(), [] { return true; }), base::Error,
                          [](const auto& error) { return error.code() == "cancelled"; });
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds{3}));
    ::close(listener);
    std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(a_refusal_comes_back_as_the_error_it_was) {
    const base::Error sent{base::Reason::forbidden, "address_blocked", "host has \"quotes\"", "for the log"};
    const auto got = egress_client::error_of(egress_client::refusal_of(sent));
    BOOST_TEST((got.reason() == base::Reason::forbidden));
    BOOST_TEST(got.code() == "address_blocked");
    BOOST_TEST(got.what() == std::string{sent.what()});
    BOOST_TEST(got.detail() == "");
    for (const auto* text : {"", "<html>", "{}", R"({"reason":"odd","code":"c","message":"m"})"})
        BOOST_TEST(egress_client::error_of(text).code() == "egress_unavailable", text);
}
