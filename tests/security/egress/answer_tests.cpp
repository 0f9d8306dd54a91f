#include <boost/test/unit_test.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "schema/json.hpp"
#include "security/egress/fixture.hpp"

using test::secret;
using test::World;

BOOST_FIXTURE_TEST_SUITE(answer, test::Fixture)

BOOST_AUTO_TEST_CASE(row_03_a_redirect_is_returned_with_a_harmless_location) {
    world.names["other.example.com"] = {World::public_v4};
    const auto result = call(request("/redirect?to=https://other.example.com/take?code=abc%23frag"));
    BOOST_TEST(result.status == 302);
    BOOST_TEST(result.headers.at("location") == "https://other.example.com/");
    BOOST_TEST(world.lookups["other.example.com"] == 0);
}

BOOST_AUTO_TEST_CASE(row_14_an_echoed_credential_is_replaced_in_the_usual_encodings) {
    const auto result = call(request("/leak"));
    BOOST_TEST(result.redactions >= 6);
    const auto everything =
        schema::dump(*result.body_json) + schema::dump(egress_client::json(result.headers));
    for (const auto& leaked : {std::string{secret}, std::string{"s3cret%2Fwith"}, crypto::base64_of(secret),
                               crypto::hex_of(secret)})
        BOOST_TEST(everything.find(leaked) == std::string::npos, leaked);
    BOOST_TEST(everything.find("[redacted]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(row_18_a_body_over_five_mebibytes_is_cut_and_says_so) {
    const auto result = call(request("/huge"));
    BOOST_TEST(result.truncated);
    BOOST_TEST(result.body.value().size() == 5U * 1024 * 1024);
    BOOST_TEST(outcome("/bomb") == "response_too_large");
}

/// However much shorter replaced secrets made what came before, the place at which reading stopped is inside
/// a secret here, whatever place that is.
BOOST_AUTO_TEST_CASE(row_14_no_part_of_a_secret_stands_at_the_cut) {
    constexpr std::size_t telling = 6;
    for (const auto& [name, form] : std::map<std::string, std::string>{
             {"raw", secret}, {"base64", crypto::base64_of(secret)}, {"hex", crypto::hex_of(secret)}}) {
        for (const auto* early : {"0", "3000"}) {
            const auto result = call(request("/straddle?form=" + name + "&early=" + early));
            BOOST_TEST(result.truncated);
            const auto& body = result.body.value();
            BOOST_TEST(body.size() > 4U * 1024 * 1024);
            for (std::size_t i = 0; i + telling <= form.size(); ++i)
                BOOST_TEST((body.find(form.substr(i, telling)) == std::string::npos),
                           name + " from " + std::to_string(i));
        }
    }
}

BOOST_AUTO_TEST_CASE(row_26_refusals_name_neither_query_nor_secret) {
    tenant.create_service("untrusted", "bearer", "https://api.example.com:4433");
    try {
        call(request("/private-path?x=query-secret", "untrusted"));
        BOOST_FAIL("was not refused");
    } catch (const base::Error& error) {
        BOOST_TEST(error.code() == "upstream_tls_failed");
        const auto text = std::string{error.what()} + error.detail();
        for (const auto* leaked : {"private-path", "query-secret", secret})
            BOOST_TEST(text.find(leaked) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
