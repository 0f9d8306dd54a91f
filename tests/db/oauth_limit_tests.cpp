#define BOOST_TEST_MODULE oauth_limit_tests
#include <boost/test/unit_test.hpp>

#include "oauth/metadata_document.hpp"
#include "oauth/registration.hpp"
#include "oauth/registration_limit.hpp"
#include "support/database.hpp"

namespace {

struct World {
    test::Database database;
};
World& world() {
    static World instance;
    return instance;
}

struct Counted {
    Counted() { world().database.arrange("TRUNCATE oauth.registration_quota"); }
};

constexpr int few = 3;

struct Registrations : Counted {
    db::Database database = world().database.as("gatehouse_oauth_register");
    base::Config::OAuth limits;

    /// How long the address is told to wait; nothing when it may register.
    std::optional<std::chrono::seconds> registering_from(const std::string& address) {
        db::Transaction session{database, {}};
        try {
            oauth::take_registration(session, address, limits);
        } catch (const oauth::TooManyRegistrations& refusal) {
            return refusal.wait();
        }
        session.commit();
        return std::nullopt;
    }
};

struct Documents : Counted {
    db::Database database = world().database.as("gatehouse_oauth_authorize");
    base::Config config;
    std::unique_ptr<oauth::MetadataDocuments> documents;

    Documents() {
        config.internal_socket = "/nowhere/internal.sock";
        config.oauth.registration_burst = few;
        documents = std::make_unique<oauth::MetadataDocuments>(database, config);
    }

    /// The code with which a document is refused: none can be fetched here, but each try counts.
    std::string refusal_of(const std::string& url, const std::string& address) {
        try {
            documents->require(url, address);
        } catch (const base::Error& refusal) {
            return refusal.code();
        }
        return "";
    }
};

std::string document(int host, int page) {
    return "https://host" + std::to_string(host) + ".example/client/" + std::to_string(page);
}
std::string address(int last) { return "192.0.2." + std::to_string(last); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registrations, Registrations)

BOOST_AUTO_TEST_CASE(DCR_9_are_bounded_for_each_address) {
    limits.registration_burst = few;
    limits.registration_per_hour = 5;
    for (int i = 0; i < few; ++i) BOOST_TEST(!registering_from(address(1)));
    const auto wait = registering_from(address(1));
    BOOST_REQUIRE(wait);
    BOOST_TEST((*wait > std::chrono::minutes{11} && *wait <= std::chrono::minutes{12}));
    BOOST_TEST(!registering_from(address(2)));
}

BOOST_AUTO_TEST_CASE(DCR_9_are_bounded_for_a_network_of_version_6) {
    limits.registration_burst = few;
    for (int i = 0; i < few; ++i) BOOST_TEST(!registering_from("2001:db8:0:1::" + std::to_string(i)));
    BOOST_TEST(registering_from("2001:db8:0:1:ffff::9").has_value());
    BOOST_TEST(!registering_from("2001:db8:0:2::1"));
}

BOOST_AUTO_TEST_CASE(DCR_9_are_bounded_for_all_addresses_together_in_a_day) {
    limits.registration_per_day = few;
    for (int i = 0; i < few; ++i) BOOST_TEST(!registering_from(address(i)));
    const auto wait = registering_from(address(few));
    BOOST_REQUIRE(wait);
    BOOST_TEST((*wait > std::chrono::hours{7} && *wait <= std::chrono::hours{8}));
}

BOOST_AUTO_TEST_CASE(DCR_9_that_are_refused_are_not_counted) {
    limits.registration_per_day = 2 * few;
    limits.registration_burst = few;
    for (int i = 0; i < few; ++i) BOOST_TEST(!registering_from(address(1)));
    for (int i = 0; i < few; ++i) BOOST_TEST(registering_from(address(1)).has_value());
    for (int i = 0; i < few; ++i) BOOST_TEST(!registering_from(address(2)));
    BOOST_TEST(registering_from(address(3)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(metadata_documents, Documents)

BOOST_AUTO_TEST_CASE(CM_9_are_fetched_so_often_from_one_host) {
    for (int i = 0; i < 2 * few; ++i)
        BOOST_TEST(refusal_of(document(1, i), address(i)) == "client_metadata_unreachable");
    BOOST_TEST(refusal_of(document(1, 99), address(99)) == "temporarily_unavailable");
    BOOST_TEST(refusal_of(document(2, 1), address(99)) == "client_metadata_unreachable");
}

BOOST_AUTO_TEST_CASE(CM_9_are_fetched_so_often_for_one_address) {
    for (int i = 0; i < 2 * few; ++i)
        BOOST_TEST(refusal_of(document(i, 1), address(1)) == "client_metadata_unreachable");
    BOOST_TEST(refusal_of(document(99, 1), address(1)) == "temporarily_unavailable");
    BOOST_TEST(refusal_of(document(99, 1), address(2)) == "client_metadata_unreachable");
}

BOOST_AUTO_TEST_SUITE_END()
