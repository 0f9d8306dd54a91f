#include "fastcgi/inherit.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace fastcgi {
namespace {

constexpr int systemd_descriptor = 3;

bool is_listening(int descriptor) {
    int answer = 0;
    socklen_t size = sizeof answer;
    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer != 0;
}

bool has_systemd_socket() {
    const char* pid = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    const bool is_meant = pid && count && std::to_string(getpid()) == pid;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return is_meant && is_listening(systemd_descriptor);
}

}  // namespace

std::optional<int> inherit_listener() {
    if (has_systemd_socket()) dup2(systemd_descriptor, STDIN_FILENO);
    close_range(systemd_descriptor, ~0U, 0);
    if (!is_listening(STDIN_FILENO)) return std::nullopt;
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    fcntl(STDIN_FILENO, F_SETFD, FD_CLOEXEC);
    return STDIN_FILENO;
}

}  // namespace fastcgi
