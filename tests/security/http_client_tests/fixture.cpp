#define BOOST_TEST_MODULE http_client_tests
#include "security/http_client_tests/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace test {

BOOST_TEST_GLOBAL_FIXTURE(SharedWorld);

}  // namespace test
