#define BOOST_TEST_MODULE bridge_tests
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "bridge/events.hpp"
#include "bridge/message_fields.hpp"

using nlohmann::json;

namespace {

std::string value_of(const bridge::Fields& fields, const std::string& name) {
    for (const auto& [field, value] : fields) {
        if (field == name) return value;
    }
    return "absent";
}

json modern_call(const std::string& name) {
    return json{
        {"method", "tools/call"},
        {"params", {{"name", name}, {"_meta", {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"}}}}}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(events_are_the_same_however_they_are_cut) {
    const std::string stream =
        ": comment\n\nid: 7\ndata: {\"a\":\ndata: 1}\n\nevent: message\r\ndata: second\r\n\r\n";
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        std::vector<std::string> seen;
        bridge::EventReader reader{[&](const std::string& data) { seen.push_back(data); }};
        for (std::size_t i = 0; i < stream.size(); i += size) reader.feed(stream.substr(i, size));
        BOOST_TEST(seen == (std::vector<std::string>{"{\"a\":\n1}", "second"}),
                   boost::test_tools::per_element());
        BOOST_TEST(reader.last_event_id() == "7");
    }
}

BOOST_AUTO_TEST_CASE(a_modern_message_names_its_revision_method_and_name) {
    const auto fields = bridge::fields_of(modern_call("list_services"), "");
    BOOST_TEST(value_of(fields, "MCP-Protocol-Version") == "2026-07-28");
    BOOST_TEST(value_of(fields, "Mcp-Method") == "tools/call");
    BOOST_TEST(value_of(fields, "Mcp-Name") == "list_services");
}

BOOST_AUTO_TEST_CASE(a_name_that_no_header_can_carry_is_wrapped) {
    BOOST_TEST(value_of(bridge::fields_of(modern_call("Hello\n"), ""), "Mcp-Name") == "=?base64?SGVsbG8K?=");
}

BOOST_AUTO_TEST_CASE(an_older_message_carries_the_negotiated_revision_alone) {
    const json call{{"method", "tools/call"}, {"params", {{"name", "x"}}}};
    const auto fields = bridge::fields_of(call, "2025-11-25");
    BOOST_TEST(value_of(fields, "MCP-Protocol-Version") == "2025-11-25");
    BOOST_TEST(value_of(fields, "Mcp-Method") == "absent");
    BOOST_TEST(bridge::fields_of(json{{"method", "initialize"}}, "").empty());
}
