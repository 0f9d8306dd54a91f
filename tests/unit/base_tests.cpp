#define BOOST_TEST_MODULE base_tests
#include <boost/test/unit_test.hpp>

#include "base/id.hpp"
#include "base/secret.hpp"

namespace {

struct ServiceTag {
    static constexpr std::string_view prefix = "svc";
};
using ServiceId = base::Id<ServiceTag>;

}  // namespace

BOOST_AUTO_TEST_SUITE(uuid)

BOOST_AUTO_TEST_CASE(is_version_seven_and_reads_back_what_it_prints) {
    const auto uuid = base::Uuid::create();
    const auto text = uuid.text();
    BOOST_TEST(text.size() == 36U);
    BOOST_TEST(text[14] == '7');
    BOOST_TEST((base::Uuid::parse(text) == uuid));
}

BOOST_AUTO_TEST_CASE(refuses_anything_but_the_hyphenated_form) {
    for (const auto* text :
         {"", "0190163d8694739b8f4b0000000000000000", "0190163d-8694-739b-8f4b-00000000000g",
          "0190163d+8694-739b-8f4b-000000000000"}) {
        BOOST_TEST(!base::Uuid::parse(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(later_ids_sort_after_earlier_milliseconds) {
    const base::Uuid early{{1, 2, 3, 4, 5, 6}};
    BOOST_TEST((early < base::Uuid::create()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(id)

BOOST_AUTO_TEST_CASE(matches_the_published_typeid_example) {
    const ServiceId id{*base::Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057")};
    BOOST_TEST(id.text() == "svc_01h455vb4pex5vsknk084sn02q");
    BOOST_TEST((ServiceId::parse(id.text()) == id));
}

BOOST_AUTO_TEST_CASE(refuses_another_prefix_and_overflow) {
    BOOST_TEST(!ServiceId::parse("key_01h455vb4pex5vsknk084sn02q").has_value());
    BOOST_TEST(!ServiceId::parse("svc_8zzzzzzzzzzzzzzzzzzzzzzzzz").has_value());
    BOOST_TEST(!ServiceId::parse("svc_01h455vb4pex5vsknk084sn02").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(taking_a_secret_wipes_its_source) {
    std::string source = "a secret longer than the small string buffer";
    const auto secret = base::Secret::take(source);
    BOOST_TEST(source.empty());
    BOOST_TEST(secret.reveal() == "a secret longer than the small string buffer");
}
