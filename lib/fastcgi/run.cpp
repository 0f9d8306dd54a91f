#include "fastcgi/run.hpp"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "base/log.hpp"
#include "fastcgi/cgi.hpp"
#include "fastcgi/confine.hpp"
#include "fastcgi/inherit.hpp"
#include "fastcgi/server.hpp"

namespace fastcgi {
namespace {

// Many threads, little memory each: few heaps, and large bodies go back to the system at once.
void limit_memory() {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

void run_confined(const Program& program) {
    const auto listener = inherit_listener();
    confine(program.needs_network);
    signal(SIGPIPE, SIG_IGN);
    Responder responder{program.construct(base::Config::load()), program.render_error};
    if (!listener) return answer_cgi(responder);
    Server server{*listener, std::move(responder)};
    if (server.serve()) return;
    base::log(base::Severity::warning, "stopped_with_requests_in_work");
    _exit(EXIT_SUCCESS);
}

}  // namespace

int run(const Program& program) {
    base::set_log_name(program.name);
    try {
        limit_memory();
        block_stop_signals();
        run_confined(program);
        return EXIT_SUCCESS;
    } catch (const base::Error& error) {
        base::log(base::Severity::error, "start_failed",
                  {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}});
    } catch (const std::exception& exception) {
        base::log(base::Severity::error, "start_failed", {{"message", exception.what()}});
    }
    return EXIT_FAILURE;
}

}  // namespace fastcgi
