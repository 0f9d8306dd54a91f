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

struct Written {
    const char* secret;
    const char* text;
};
std::ostream& operator<<(std::ostream& stream, const Written& written) { return stream << written.text; }

const Written written_by_services[] = {
    {"abc\xc3\xbc"
     "def",
     R"({"k":"abc\u00fcdef"})"},
    {"abc\xe2\x82\xac"
     "de",
     R"({"k":"abc\u20acde"})"},
    {"ab\xf0\x9f\x98\x80"
     "de",
     R"({"k":"ab\ud83d\ude00de"})"},
    {"correct-horse-battery\"efg",
     R"(<div data-x="{&quot;k&quot;: &quot;correct-horse-battery\&quot;efg&quot;}">)"},
    {"Xk9-4fqqL0zz\n\"7", R"(<div data-x="{&quot;k&quot;: &quot;Xk9-4fqqL0zz\n\&quot;7&quot;}">)"},
    {"abcd\"ef g1", "payload=%7B%22k%22%3A+%22abcd%5C%22ef+g1%22%7D"},
    {"Passphrase-\xc3\xbc"
     "9 7ab",
     "payload=%7B%22k%22%3A%22Passphrase-%5Cu00fc9+7ab%22%7D"},
    {"aiD 08Bb", "v: k=aiD\\u002B08Bb\\u0026x=1"},
    {"aim1 a 1", "%3Ca%20href%3D%22aim1%2Ba%2B1%22%3E"},
    {"qq+\n+dcd", "dXd1dXp3cXErCitk\r&#10;Y2R6enp6eno="},
    {"a&b<c>d \"e", "payload=a%26amp%3Bb%26lt%3Bc%26gt%3Bd+%26quot%3Be"},
};

BOOST_DATA_TEST_CASE(is_replaced_as_services_write_it, bdata::make(written_by_services), written) {
    std::string text = written.text;
    BOOST_TEST(redact(patterns_of(written.secret), text) == 1, text);
}

BOOST_AUTO_TEST_CASE(is_looked_for_in_time_in_whatever_text) {
    const auto patterns = patterns_of("ghp_16C7e42F292c6912E7710c838347Ae178B4a n");
    for (const std::string_view piece :
         {"\\n", "%0A", "\n", "\n ", "\\", "%", "&", "&amp;", "%25", "+", "\\u0041", "n\\n"}) {
        std::string text;
        while (text.size() < 300'000) text += piece;
        const auto begin = std::chrono::steady_clock::now();
        in_pieces(patterns, text, 16384);
        BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{5}), piece);
    }
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
