#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "doctor/doctor.hpp"

namespace doctor {
namespace {

constexpr int patience_ms = 5000;

struct Server {
    std::string host;
    std::string port;
    bool greets;  ///< without TLS first
};

/// smtps://host:465 or smtp://host:587.
Server server_of(const std::string& url) {
    const bool greets = url.starts_with("smtp://");
    const auto start = url.find("://");
    const auto authority = start == std::string::npos ? url : url.substr(start + 3);
    const auto colon = authority.rfind(':');
    if (colon == std::string::npos) return {authority, greets ? "587" : "465", greets};
    return {authority.substr(0, colon), authority.substr(colon + 1), greets};
}

class Socket {
public:
    explicit Socket(const addrinfo& address)
        : descriptor_{socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)} {
        if (connect(descriptor_, address.ai_addr, address.ai_addrlen) != 0 && !waits(POLLOUT)) return;
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
        is_connected_ = error == 0;
    }
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    bool is_connected() const { return is_connected_; }
    bool greets() const {
        char text[4] = {};
        return waits(POLLIN) && recv(descriptor_, text, 3, 0) == 3 && std::string_view{text} == "220";
    }

private:
    bool waits(short events) const {
        pollfd polled{descriptor_, events, 0};
        return poll(&polled, 1, patience_ms) == 1;
    }

    int descriptor_;
    bool is_connected_ = false;
};

Finding check_server(const std::string& url) {
    const auto server = server_of(url);
    const std::string fix = "correct mail.smtp, let this host's firewall reach it, or start the mail server";
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(server.host.c_str(), server.port.c_str(), &hints, &found) != 0)
        return ill("mail", server.host + " has no address", fix);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses{found, freeaddrinfo};
    const Socket socket{*addresses};
    if (!socket.is_connected()) return ill("mail", "nothing answers at " + url, fix);
    if (server.greets && !socket.greets())
        return ill("mail", url + " does not greet like a mail server", fix);
    return well("mail", url + " answers");
}

}  // namespace

Findings check_mail(const base::Config& config) {
    if (!config.mail.smtp.empty()) return {check_server(config.mail.smtp)};
    std::error_code error;
    if (config.mail.folder.empty())
        return {ill("mail", "is not configured",
                    "set mail.smtp and mail.from; without them nobody can register")};
    if (!std::filesystem::is_directory(config.mail.folder, error))
        return {
            ill("mail", config.mail.folder.string() + " is not there", "make the folder or set mail.smtp")};
    return {well("mail", "becomes files in " + config.mail.folder.string())};
}

}  // namespace doctor
