#define BOOST_TEST_MODULE schema_tests
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "schema/schema.hpp"

using schema::json;

namespace {

enum class Color { red, green };

struct Inner {
    std::string name;
    static constexpr auto fields = std::tuple{schema::field("name", &Inner::name, "A name.", {1, 5})};
};

struct Outer {
    std::optional<int> limit;
    std::vector<Inner> items;
    Color color = Color::red;
    std::map<std::string, std::string> headers;

    static constexpr auto fields = std::tuple{
        schema::field("limit", &Outer::limit, "How many.", {1, 100}),
        schema::field("items", &Outer::items, "The items."),
        schema::field("color", &Outer::color, "The colour."),
        schema::field("headers", &Outer::headers, "The headers."),
    };
};

bool refuses(const std::string& code, const std::string& text) {
    try {
        schema::parse(text);
    } catch (const base::Error& error) {
        return error.code() == code;
    }
    return false;
}

std::string misfit_of(const char* text) {
    try {
        schema::decode<Outer>(json::parse(text));
    } catch (const base::Error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

template <>
struct schema::Names<Color> {
    static constexpr std::array names{std::pair{Color::red, "red"}, std::pair{Color::green, "green"}};
};

BOOST_AUTO_TEST_SUITE(parse)

BOOST_AUTO_TEST_CASE(reads_every_kind_of_value) {
    const std::string text = R"({"a":[1,-2,2.5,true,null,"x"],"b":{"c":{}}})";
    BOOST_TEST(schema::parse(text) == json::parse(text));
}

BOOST_AUTO_TEST_CASE(refuses_malformed_text_with_a_stable_code) {
    for (const auto* text : {"", "{", "[1,]", "{} {}", "nul", "\"\xff\"", "1e999"}) {
        BOOST_TEST(refuses("json_malformed", text), text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_ten_thousand_levels_without_recursing) {
    BOOST_TEST(refuses("json_too_deep", std::string(10'000, '[')));
}

BOOST_AUTO_TEST_CASE(refuses_a_repeated_member) {
    BOOST_TEST(refuses("json_duplicate_key", R"({"a":1,"a":2})"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_quoted_text_reads_back_as_it_was) {
    for (const std::string& text :
         {std::string{}, std::string{"plain"}, std::string{R"({"a":"b\n"})"},
          std::string{"\0\x1f\n\t\"\\ \x7f", 9}, std::string{"\xc3\xa9\xf0\x9f\x94\x91"}})
        BOOST_TEST(schema::parse(schema::quote(text)).get<std::string>() == text);
}

BOOST_AUTO_TEST_SUITE(decode)

BOOST_AUTO_TEST_CASE(names_the_path_of_the_first_misfit) {
    BOOST_TEST(misfit_of(R"({"items":[],"color":"red","headers":{},"limit":0})") ==
               "limit: expected an integer from 1 to 100");
    BOOST_TEST(misfit_of(R"({"items":[{"name":"ok"},{"name":7}],"color":"red","headers":{}})") ==
               "items[1].name: expected a string");
    BOOST_TEST(misfit_of(R"({"color":"red","headers":{}})") == "items: is required");
    BOOST_TEST(misfit_of(R"({"items":[],"color":"blue","headers":{}})") ==
               "color: expected one of red green");
    BOOST_TEST(misfit_of(R"({"items":[],"color":"red","headers":{},"extra":1})") ==
               "extra: is not a known member");
    BOOST_TEST(misfit_of(R"([])") == "arguments: expected an object");
}

BOOST_AUTO_TEST_CASE(lengths_are_counted_in_characters_and_not_in_bytes) {
    const auto named = [](const std::string& name) {
        return R"({"items":[{"name":")" + name + R"("}],"color":"red","headers":{}})";
    };
    const std::string key{"\xf0\x9f\x94\x91"};
    BOOST_CHECK_NO_THROW(schema::decode<Outer>(schema::parse(named(key + key + key + key + key))));
    BOOST_TEST(misfit_of(named(key + key + key + key + key + key).c_str()) ==
               "items[0].name: expected a length from 1 to 5 characters");
}

BOOST_AUTO_TEST_CASE(encode_gives_back_what_was_decoded) {
    const json value =
        json::parse(R"({"items":[{"name":"a"}],"color":"green","headers":{"x":"y"},"limit":5})");
    BOOST_TEST(schema::encode(schema::decode<Outer>(value)) == value);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(json_schema_comes_from_the_same_list) {
    const json described = schema::json_schema<Outer>();
    BOOST_TEST(described["properties"]["limit"]["maximum"] == 100);
    BOOST_TEST(described["properties"]["items"]["items"]["required"] == json({"name"}));
    BOOST_TEST(described["required"] == json({"items", "color", "headers"}));
    BOOST_TEST(described["additionalProperties"] == false);
}
