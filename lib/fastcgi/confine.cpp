#include "fastcgi/confine.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace fastcgi {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool is_sanitized = true;  // LeakSanitizer traces its own process
#else
constexpr bool is_sanitized = false;
#endif

[[noreturn]] void fail(const std::string& what) {
    throw base::Error{base::Reason::internal, "confinement_failed", what + ": " + std::strerror(errno)};
}

void write_file(const char* path, const std::string& text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const bool is_written =
        file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (!is_written) fail(std::string{"cannot write "} + path);
    close(file);
}

// Mapped onto itself, the process keeps the identity that PostgreSQL's peer authentication sees.
void map_identity(uid_t user, gid_t group) {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", std::to_string(user) + ' ' + std::to_string(user) + " 1");
    write_file("/proc/self/gid_map", std::to_string(group) + ' ' + std::to_string(group) + " 1");
}

void drop_capabilities() {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct none[2]{};
    if (syscall(SYS_capset, &header, none) != 0) fail("cannot drop capabilities");
}

void leave_network() {
    if (unshare(CLONE_NEWNET) == 0) return;
    if (errno != EPERM) fail("cannot enter an empty network namespace");
    const auto user = geteuid();
    const auto group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        fail(
            "cannot enter an empty network namespace (unprivileged user namespaces are needed: "
            "kernel.unprivileged_userns_clone=1, or start as root)");
    map_identity(user, group);
    drop_capabilities();
}

void forbid_dumps() {
    if (is_sanitized) return;
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) fail("cannot forbid core dumps");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("cannot forbid tracing");
}

void forget_proxies() {
    for (const char* name : {"http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
                             "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"})
        unsetenv(name);
}

}  // namespace

void confine(bool needs_network) {
    umask(077);
    forget_proxies();
    int death_signal = 0;  // a change of credentials clears it
    prctl(PR_GET_PDEATHSIG, &death_signal, 0, 0, 0);
    if (!needs_network) leave_network();  // before forbid_dumps, which takes /proc/self away
    forbid_dumps();
    prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("cannot give up new privileges");
}

}  // namespace fastcgi
