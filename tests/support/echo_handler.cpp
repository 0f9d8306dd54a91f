/// Test-only endpoint: shows what lib/fastcgi makes of requests, answers and failures.

#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>

#include "fastcgi/run.hpp"
#include "http/problem.hpp"
#include "http/sse.hpp"
#include "http/uri.hpp"

namespace {

using Parameters = std::map<std::string, std::string>;

Parameters parameters_of(const http::Request& request) {
    Parameters parameters;
    const auto pairs = http::parse_query(request.query);
    for (const auto& [name, value] : pairs.value()) parameters[name] = value;
    return parameters;
}

int number_in(Parameters& parameters, const std::string& name, int fallback) {
    const auto& text = parameters[name];
    return text.empty() ? fallback : std::stoi(text);
}

std::string text_of_file(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void append_line(const std::string& path, const std::string& line) {
    std::ofstream{path, std::ios::app} << line << std::endl;
}

http::Response text(std::string body) {
    return {.status = 200, .fields = {{"Content-Type", "text/plain"}}, .body = std::move(body)};
}

http::Response echo(const http::Request& request) {
    std::string body = std::string{http::text_of(request.method)} + ' ' + request.path + '?' + request.query +
                       "\naddress " + request.remote_address + '\n';
    for (const auto& [name, value] : request.fields)
        body.append(name).append(": ").append(value).append("\n");
    return text(body + "body " + std::to_string(request.body.size()) + '\n');
}

http::Response state() {
    std::string body = "pid " + std::to_string(getpid()) + "\ndumpable " +
                       std::to_string(prctl(PR_GET_DUMPABLE)) + "\nno_new_privs " +
                       std::to_string(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
#ifdef __SANITIZE_ADDRESS__
    body += "\nsanitized 1";
#endif
    return text(body + '\n' + text_of_file("/proc/self/net/dev") + text_of_file("/proc/self/status"));
}

// Whether anything listens for this process on loopback, and with which error if not.
http::Response reach(int port) {
    const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &address, sizeof generic);
    const bool is_reached = connect(connection, &generic, sizeof generic) == 0;
    const std::string answer = is_reached ? "reached" : std::strerror(errno);
    close(connection);
    return text(answer + '\n');
}

class EchoEndpoint {
public:
    explicit EchoEndpoint(const base::Config&) {}

    http::Response answer(const http::Request& request, http::Exchange& exchange) {
        auto parameters = parameters_of(request);
        const auto name = request.path.substr(request.path.rfind('/') + 1);
        if (name == "constant") return text("constant\n");
        if (name == "echo") return echo(request);
        if (name == "state") return state();
        if (name == "body") return text(request.body);
        if (name == "big") return text(std::string(std::size_t(number_in(parameters, "size", 1)), 'x'));
        if (name == "reach") return reach(number_in(parameters, "port", 0));
        if (name == "count") return count(parameters);
        if (name == "slow") return slow(parameters);
        if (name == "stream") return stream(parameters, exchange);
        if (name == "injection") return {.status = 200, .fields = {{"X-A", "b\r\nX-C: d"}}, .body = ""};
        if (name == "throw") throw std::runtime_error{"thrown on purpose"};
        if (name == "unavailable")
            throw base::Error{base::Reason::unavailable, "database_unavailable", "no database", "secret"};
        if (name == "crash") std::abort();
        throw base::Error{base::Reason::not_found, "not_found", "no such page"};
    }

private:
    static http::Response slow(Parameters& parameters) {
        std::this_thread::sleep_for(std::chrono::milliseconds{number_in(parameters, "ms", 100)});
        return text("slow\n");
    }

    // Records that the request was executed, then answers: the two must agree.
    static http::Response count(Parameters& parameters) {
        append_line(parameters["log"], parameters["id"]);
        return text("counted\n");
    }

    static http::Response stream(Parameters& parameters, http::Exchange& exchange) {
        auto& out = exchange.start_stream(
            200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}});
        const int events = number_in(parameters, "events", 3);
        for (int i = 0; i < events && !exchange.is_over(); ++i) {
            out.write(http::frame_of({.event = "tick", .id = {}, .retry = {}, .data = std::to_string(i)}));
            pollfd gone{.fd = exchange.descriptor(), .events = POLLIN, .revents = 0};
            poll(&gone, 1, number_in(parameters, "ms", 100));
        }
        const bool was_gone = exchange.is_over();
        exchange.finish();
        if (!parameters["log"].empty()) append_line(parameters["log"], was_gone ? "gone" : "complete");
        return {};
    }
};

}  // namespace

int main() { return fastcgi::run<EchoEndpoint>("echo", http::render_problem); }
