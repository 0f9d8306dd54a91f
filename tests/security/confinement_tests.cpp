#define BOOST_TEST_MODULE confinement_tests
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/secret.hpp"
#include "fastcgi/confine.hpp"

namespace {

/// What a process that confined itself answers with its exit status.
template <class Question>
int ask_confined(Question question) {
    const auto child = ::fork();
    if (child == 0) {
        fastcgi::confine(/*needs_network=*/true);
        ::_exit(question());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_CASE(row_29_a_process_that_holds_secrets_cannot_be_dumped) {
    BOOST_TEST(ask_confined([] { return ::prctl(PR_GET_DUMPABLE); }) == 0);
    BOOST_TEST(ask_confined([] {
                   rlimit core{};
                   ::getrlimit(RLIMIT_CORE, &core);
                   return core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 1;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(row_29_a_secret_is_wiped_where_it_lay) {
    std::string bytes(64, 's');
    const char* place = bytes.data();
    auto secret = base::Secret::take(bytes);
    BOOST_TEST(bytes.empty());
    const auto* held = secret.reveal().data();
    BOOST_TEST(secret.reveal() == std::string(64, 's'));
    if (held != place) BOOST_TEST(place[0] == '\0');
    std::string again(64, 't');
    const char* wiped = again.data();
    base::wipe(again);
    BOOST_TEST(again.empty());
    BOOST_TEST(std::string_view(wiped, 1)[0] == '\0');
}
