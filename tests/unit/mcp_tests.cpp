#define BOOST_TEST_MODULE mcp_tests
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "crypto/key_file.hpp"
#include "mcp/capabilities.hpp"
#include "mcp/error.hpp"
#include "mcp/event_store.hpp"
#include "mcp/initialize.hpp"
#include "mcp/legacy_session.hpp"
#include "mcp/meta.hpp"
#include "mcp/request_metadata.hpp"
#include "mcp/seals.hpp"

using nlohmann::json;

namespace {

struct KeyFile {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("mcp_tests." + base::Uuid::create().text());
    KeyFile() { crypto::create_key_file(path); }
    ~KeyFile() { std::filesystem::remove(path); }
};

auth::Principal somebody() {
    auth::Principal principal;
    principal.credential = auth::KeyId::create();
    principal.user = auth::UserId::create();
    principal.workspace = auth::WorkspaceId::create();
    return principal;
}

http::Request with_header(const std::string& version) {
    http::Request request;
    if (!version.empty()) request.fields = {{"mcp-protocol-version", version}};
    return request;
}

json metadata(const std::string& version) {
    return json{{"_meta",
                 {{mcp::meta::protocol_version, version}, {mcp::meta::client_capabilities, json::object()}}}};
}

int code_of(const http::Request& request, const json& params) {
    try {
        mcp::read_metadata(request, params);
    } catch (const mcp::MalformedRequest& error) {
        return error.code();
    }
    return 0;
}

jsonrpc::Message message_of(const std::string& method, json params = json::object()) {
    jsonrpc::Message message;
    message.method = method;
    message.params = std::move(params);
    return message;
}

}  // namespace

BOOST_AUTO_TEST_CASE(metadata_or_a_modern_header_choose_the_stateless_era) {
    BOOST_TEST(mcp::is_modern(with_header(""), message_of("tools/list", metadata("2026-07-28"))));
    BOOST_TEST(mcp::is_modern(with_header("2025-11-25"), message_of("initialize", metadata("2026-07-28"))));
    BOOST_TEST(mcp::is_modern(with_header("2026-07-28"), message_of("tools/list")));
    BOOST_TEST(mcp::is_modern(with_header(""), message_of("server/discover")));
    BOOST_TEST(!mcp::is_modern(with_header("2025-11-25"), message_of("tools/list")));
    BOOST_TEST(!mcp::is_modern(with_header(""), message_of("initialize")));
    BOOST_TEST(
        !mcp::is_modern(with_header(""), message_of("tools/call", {{"_meta", {{"progressToken", 1}}}})));
}

BOOST_AUTO_TEST_CASE(metadata_is_checked_against_the_header) {
    BOOST_TEST(code_of(with_header("2026-07-28"), metadata("2026-07-28")) == 0);
    BOOST_TEST(code_of(with_header(""), metadata("2026-07-28")) == mcp::header_mismatch);
    BOOST_TEST(code_of(with_header("2025-11-25"), metadata("2026-07-28")) == mcp::header_mismatch);
    BOOST_TEST(code_of(with_header("v9"), metadata("v9")) == mcp::unsupported_protocol_version);
    BOOST_TEST(code_of(with_header("2026-07-28"), json::object()) == jsonrpc::invalid_params);
    BOOST_TEST(
        code_of(with_header("2026-07-28"), {{"_meta", {{mcp::meta::protocol_version, "2026-07-28"}}}}) ==
        jsonrpc::invalid_params);
}

BOOST_AUTO_TEST_CASE(initialize_agrees_on_the_asked_revision_or_offers_its_newest) {
    const mcp::Server server;
    const auto agreed = [&](const char* asked) {
        return mcp::initialize(server, {{"protocolVersion", asked}})
            .result["protocolVersion"]
            .get<std::string>();
    };
    BOOST_TEST(agreed("2025-03-26") == "2025-03-26");
    BOOST_TEST(agreed("2025-06-18") == "2025-06-18");
    BOOST_TEST(agreed("2026-07-28") == "2025-11-25");
    BOOST_TEST(agreed("1.0") == "2025-11-25");
    BOOST_CHECK_THROW(mcp::initialize(server, json::object()), jsonrpc::Error);
}

BOOST_AUTO_TEST_CASE(a_session_opens_for_its_principal_alone) {
    KeyFile key;
    const mcp::Seals seals{key.path};
    const auto owner = somebody();
    mcp::LegacySession session{.id = base::Uuid::create(), .client = {}};
    session.client.revision = mcp::Revision::r2025_06_18;
    session.client.capabilities = {{"sampling", json::object()}, {"unknown", {{"x", 1}}}};
    const auto text = mcp::seal_session(seals, owner, session);

    const auto opened = mcp::open_session(seals, owner, text);
    BOOST_REQUIRE(opened);
    BOOST_TEST((opened->id == session.id));
    BOOST_TEST((opened->client.revision == mcp::Revision::r2025_06_18));
    BOOST_TEST(opened->client.capabilities == (json{{"sampling", json::object()}}));
    BOOST_TEST(!mcp::open_session(seals, somebody(), text));
    BOOST_TEST(!mcp::open_session(seals, owner, text + "A"));
    BOOST_TEST(!mcp::open_session(seals, owner, ""));
    for (const char c : text) BOOST_TEST((c > 0x20 && c < 0x7f));
}

BOOST_AUTO_TEST_CASE(event_positions_are_read_as_they_are_written) {
    const mcp::EventPosition position{base::Uuid::create(), 17};
    const auto read = mcp::EventPosition::parse(position.text());
    BOOST_REQUIRE(read);
    BOOST_TEST((read->stream == position.stream));
    BOOST_TEST(read->sequence == 17);
    for (const char* text : {"", "_1", "abc_1", "change_4"})
        BOOST_TEST(!mcp::EventPosition::parse(text), text);
    BOOST_TEST(!mcp::EventPosition::parse(position.text() + "x"));
}

BOOST_AUTO_TEST_CASE(undeclared_capabilities_are_named) {
    mcp::Client client;
    client.capabilities = {{"elicitation", json::object()}};
    const json form{{"a", {{"method", "elicitation/create"}, {"params", json::object()}}}};
    const json url{{"a", {{"method", "elicitation/create"}, {"params", {{"mode", "url"}}}}}};
    const json roots{{"a", {{"method", "roots/list"}}}};
    BOOST_CHECK_NO_THROW(mcp::require_answerable(client, form));
    const auto names_url = [](const jsonrpc::Error& error) {
        return error.code() == mcp::missing_client_capability &&
               error.data()["requiredCapabilities"] == json{{"elicitation", {{"url", json::object()}}}};
    };
    BOOST_CHECK_EXCEPTION(mcp::require_answerable(client, url), jsonrpc::Error, names_url);
    BOOST_CHECK_THROW(mcp::require_answerable(client, roots), jsonrpc::Error);
}

namespace {

/// What of the requests the client lacks; null when nothing.
json missing_of(json capabilities, const json& requests) {
    mcp::Client client;
    client.capabilities = std::move(capabilities);
    try {
        mcp::require_answerable(client, requests);
        return nullptr;
    } catch (const jsonrpc::Error& error) {
        return error.data()["requiredCapabilities"];
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_mode_of_elicitation_needs_its_own_capability) {
    const json none = json::object();
    const json form{{"a", {{"method", "elicitation/create"}, {"params", json::object()}}}};
    const json both{{"a", {{"method", "elicitation/create"}, {"params", {{"mode", "form"}}}}},
                    {"b", {{"method", "elicitation/create"}, {"params", {{"mode", "url"}}}}}};
    BOOST_TEST(missing_of({{"elicitation", {{"form", none}}}}, form).is_null());
    BOOST_TEST(missing_of({{"elicitation", {{"url", none}}}}, form) ==
               (json{{"elicitation", {{"form", none}}}}));
    BOOST_TEST(missing_of(none, form) == (json{{"elicitation", none}}));
    BOOST_TEST(missing_of({{"elicitation", {{"form", none}, {"url", none}}}}, both).is_null());
    BOOST_TEST(missing_of({{"elicitation", {{"other", none}}}}, both) ==
               (json{{"elicitation", {{"form", none}, {"url", none}}}}));
}

BOOST_AUTO_TEST_CASE(sampling_with_tools_needs_its_own_capability) {
    const json none = json::object();
    const json plain{{"a", {{"method", "sampling/createMessage"}, {"params", json::object()}}}};
    const json with_tools{
        {"a", {{"method", "sampling/createMessage"}, {"params", {{"tools", json::array()}}}}}};
    BOOST_TEST(missing_of({{"sampling", none}}, plain).is_null());
    BOOST_TEST(missing_of({{"sampling", none}}, with_tools) == (json{{"sampling", {{"tools", none}}}}));
    BOOST_TEST(missing_of({{"sampling", {{"tools", none}}}}, with_tools).is_null());
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_left_out_but_for_the_older_revisions) {
    const jsonrpc::Error error{jsonrpc::parse_error, "no"};
    const auto id_in = [&](mcp::Revision revision) {
        const auto body = json::parse(mcp::error_answer(400, error, nullptr, revision).body);
        return body.contains("id") ? body["id"].dump() : "absent";
    };
    BOOST_TEST(id_in(mcp::Revision::r2026_07_28) == "absent");
    BOOST_TEST(id_in(mcp::Revision::r2025_11_25) == "absent");
    BOOST_TEST(id_in(mcp::Revision::r2025_06_18) == "null");
    BOOST_TEST(id_in(mcp::Revision::r2025_03_26) == "null");
    const auto known = json::parse(mcp::error_answer(400, error, 7).body);
    BOOST_TEST(known["id"] == 7);
}

BOOST_AUTO_TEST_CASE(errors_have_the_status_of_their_revision) {
    const jsonrpc::Error unknown{jsonrpc::method_not_found, ""};
    BOOST_TEST(mcp::status_of(unknown, mcp::Revision::r2026_07_28) == 404);
    BOOST_TEST(mcp::status_of(unknown, mcp::Revision::r2025_11_25) == 200);
    const jsonrpc::Error params{jsonrpc::invalid_params, ""};
    BOOST_TEST(mcp::status_of(params, mcp::Revision::r2026_07_28) == 200);
    const mcp::MalformedRequest metadata{jsonrpc::invalid_params, ""};
    BOOST_TEST(mcp::status_of(metadata, mcp::Revision::r2026_07_28) == 400);
}
