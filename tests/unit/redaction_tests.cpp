#define BOOST_TEST_MODULE redaction_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "crypto/encoding.hpp"
#include "redaction/stream.hpp"
#include "support/disguise.hpp"

namespace bdata = boost::unit_test::data;

namespace {

constexpr auto secret = "tok/en+\"quoted\"=\\12 34";

redaction::Patterns patterns_of(std::string_view text) {
    redaction::Patterns patterns;
    patterns.add(text);
    patterns.prepare();
    return patterns;
}

std::string in_pieces(const redaction::Patterns& patterns, std::string_view text, std::size_t size) {
    redaction::Stream stream{patterns};
    std::string clean;
    for (; !text.empty(); text.remove_prefix(std::min(size, text.size())))
        stream.feed(text.substr(0, size), clean);
    stream.finish(clean);
    return clean;
}

int cases() {
    const char* wanted = std::getenv("REDACTION_CASES");
    return wanted ? std::atoi(wanted) : 20'000;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(row_14_a_secret)

BOOST_DATA_TEST_CASE(is_replaced_in_every_disguise, bdata::make(test::disguises()), disguise) {
    std::mt19937 random{42};
    auto text = "before " + disguise.apply(secret, random) + " behind";
    const auto hidden = text;
    BOOST_TEST(redact(patterns_of(secret), text) == 1, hidden);
    BOOST_TEST(text.find("[redacted]") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(is_replaced_when_it_is_disguised_twice) {
    std::string text = "%2574%256f%256b%252Fen%252b%2522quoted%2522%253d%255c12%252034";
    BOOST_TEST(redact(patterns_of(secret), text) == 1);
    text = R"("{\"a\":\"tok\\\/en+\\\"quoted\\\"=\\\\12 34\"}")";
    BOOST_TEST(redact(patterns_of(secret), text) == 1);
    text = "\"https:\\/\\/x\\/?t=" + std::string{"dG9rL2VuKyJxdW90ZWQiPVwxMiAzNA%3D%3D\""};
    BOOST_TEST(redact(patterns_of(secret), text) == 1);
}

BOOST_AUTO_TEST_CASE(is_replaced_each_time_and_nothing_else_is) {
    std::string text = std::string{secret} + secret + "," + secret + "%41&amp;\\n";
    BOOST_TEST(redact(patterns_of(secret), text) == 3);
    BOOST_TEST(text == "[redacted][redacted],[redacted]%41&amp;\\n");
    text = "nothing of note: tok/en, tok%2fen, dG9rL2Vu";
    BOOST_TEST(redact(patterns_of(secret), text) == 0);
    BOOST_TEST(text == "nothing of note: tok/en, tok%2fen, dG9rL2Vu");
}

BOOST_AUTO_TEST_CASE(is_not_looked_for_when_it_is_too_short_to_tell) {
    std::string text = "1234567";
    BOOST_TEST(redact(patterns_of(text), text) == 0);
}

BOOST_AUTO_TEST_CASE(is_replaced_across_every_cut) {
    const auto patterns = patterns_of(secret);
    std::mt19937 random{7};
    for (const auto& disguise : test::disguises()) {
        const auto text = std::string(70000, 'x') + disguise.apply(secret, random) + std::string(70000, '\\');
        for (const auto size : {61U, 4001U, 69990U}) {
            const auto clean = in_pieces(patterns, text, size);
            BOOST_TEST(clean.find(redaction::replacement) != std::string::npos, disguise.name << size);
            BOOST_TEST(clean.size() < text.size(), disguise.name << size);
        }
    }
}

BOOST_AUTO_TEST_CASE(never_leaks_whatever_it_is_wherever_it_stands_and_however_it_is_cut) {
    std::mt19937 random{static_cast<std::mt19937::result_type>(std::random_device{}())};
    const auto all = test::disguises();
    for (int i = 0; i < cases(); ++i) {
        const auto hidden = test::random_secret(random);
        const auto& disguise = all[random() % all.size()];
        const auto text =
            test::random_text(random) + disguise.apply(hidden, random) + test::random_text(random);
        const auto clean = in_pieces(patterns_of(hidden), text, 1 + random() % (2 * text.size()));
        BOOST_TEST_REQUIRE(!test::holds(clean, hidden), disguise.name << " of " << hidden << " in " << text);
        BOOST_TEST_REQUIRE(clean.find(redaction::replacement) != std::string::npos,
                           disguise.name << " of " << hidden << " in " << text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
