#define BOOST_TEST_MODULE secret_endpoint_tests
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "vault/connector.hpp"
#include "vault/decision.hpp"
#include "vault/graphql.hpp"

namespace {

const vault::ConnectorCatalog& shipped() {
    static const auto catalog = vault::ConnectorCatalog::load(GATEHOUSE_CONNECTORS);
    return catalog;
}

using Fields = std::vector<std::pair<std::string, std::string_view>>;

const Fields json_type{{"content-type", "application/json"}};
const Fields form_type{{"content-type", "application/x-www-form-urlencoded"}};
const Fields multipart_type{{"content-type", "multipart/form-data; boundary=b"}};

struct Request {
    const char* connector;
    const char* path;
    vault::RequestContent content;
    const char* method = "POST";
};

bool is_denied(const Request& request) {
    const vault::RequestFacts facts{.method = request.method,
                                    .path = request.path,
                                    .body_bytes = 0,
                                    .agent = {},
                                    .content = request.content};
    return vault::decide({}, shipped().require(request.connector), facts).code == "secret_endpoint_denied";
}

bool is_aws_denied(std::string_view query, std::string_view body = {}, const Fields& fields = form_type) {
    return is_denied({"aws", "/", {query, body, fields}});
}

bool is_graphql_denied(std::string_view document, const char* connector = "github") {
    const auto body = nlohmann::json{{"query", document}}.dump();
    const auto* path =
        connector == std::string_view{"shopify"} ? "/admin/api/2026-01/graphql.json" : "/graphql";
    return is_denied({connector, path, {"", body, json_type}});
}

std::string refusal_of(vault::Selector selector) {
    try {
        vault::check_selector(selector);
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(row_15_an_operation_in_a_parameter_is_known_in_query_and_body) {
    for (const auto* pair :
         {"Action=GetSessionToken", "Version=1&Action=GetSessionToken",
          "Action=ListUsers&Action=GetSessionToken", "Action=GetSessionToken&Action=ListUsers",
          "action=getsessiontoken", "%41ction=GetSession%54oken", "%2541ction=GetSession%2554oken",
          "Action[]=GetSessionToken", "+Action=GetSessionToken", "Action=GetSessionToken%20",
          "Action=%00GetSessionToken", "a=1;Action=GetSessionToken", "Action=CreateAccessKey",
          "Act%C4%B1on=GetSessionToken", "Action=GetSession%EF%BC%B4oken", "Action=GetSession%u0054oken",
          "Action=ListUsers,GetSessionToken", "X-Amz-Target=secretsmanager.GetSecretValue"}) {
        BOOST_TEST(is_aws_denied(pair), pair);
        BOOST_TEST(is_aws_denied("Action=ListUsers", pair), pair);
        BOOST_TEST(is_aws_denied("", pair, json_type), pair);
        BOOST_TEST(is_aws_denied("", pair, {}), pair);
    }
    for (const auto* pair :
         {"Action=ListUsers", "Text=GetSessionToken", "Action=GetSessionTokens", "Action="}) {
        BOOST_TEST(!is_aws_denied(pair), pair);
        BOOST_TEST(!is_aws_denied("", pair), pair);
    }
    BOOST_TEST(is_denied({"aws", "/123/queue", {"Action=GetSessionToken", "", {}}, "GET"}));
}

BOOST_AUTO_TEST_CASE(row_15_an_operation_in_a_member_is_known_however_json_is_written) {
    for (const auto* body :
         {R"({"Action":"GetSessionToken"})", R"({"\u0041ction":"GetSession\u0054oken"})",
          R"([{"Action":"ListUsers"},{"Action":"GetSessionToken"}])", R"({"Action":["GetSessionToken"]})",
          R"({"Action":"ListUsers","Action":"GetSessionToken"})", R"({"Action":"GetSessionToken",})",
          R"({'Action':'GetSession\u0054oken'})", "\xEF\xBB\xBF{\"Action\":\"GetSessionToken\"}"}) {
        for (const auto& type : {json_type, form_type, Fields{}, Fields{{"content-type", "text/plain"}}})
            BOOST_TEST(is_aws_denied("", body, type), body);
    }
    const std::string wide = R"({"Action":"GetSessionToken"})";
    std::string utf_16;
    for (const char c : wide) (utf_16 += c) += '\0';
    BOOST_TEST(is_aws_denied("", utf_16, json_type));
    BOOST_TEST(!is_aws_denied("", R"({"Note":"GetSessionToken","Statement":[{"Action":"GetSessionToken"}]})",
                              json_type));
}

BOOST_AUTO_TEST_CASE(row_15_what_cannot_be_read_for_certain_is_denied) {
    const std::string part = "--b\r\nContent-Disposition: form-data; ";
    for (const auto* name : {"name=\"Action\"", "name=Action", "name*0=\"Act\"; name*1=\"ion\""}) {
        const auto body = part + name + "\r\n\r\nGetSessionToken\r\n--b--";
        BOOST_TEST(is_aws_denied("", body, multipart_type), name);
        BOOST_TEST(is_aws_denied("", body, {}), name);
    }
    const auto encoded = part + "name=Action\r\nContent-Transfer-Encoding: base64\r\n\r\nR2V0U2Vz\r\n--b--";
    BOOST_TEST(is_aws_denied("", encoded, multipart_type));
    for (const auto* type : {"application/x-www-form-urlencoded; charset=ibm037",
                             "application/x-www-form-urlencoded; charset=utf-8; charset=utf-16",
                             "application/json;charset=\"utf-7\""})
        BOOST_TEST(is_aws_denied("", "x=1", {{"content-type", type}}), type);
    BOOST_TEST(
        !is_aws_denied("", "x=1", {{"content-type", "application/x-www-form-urlencoded; charset=UTF-8"}}));
    BOOST_TEST(is_aws_denied("", "x=1", {{"content-encoding", "deflate"}}));
    BOOST_TEST(!is_aws_denied("", "x=1", {{"content-encoding", "identity"}}));
    BOOST_TEST(!is_aws_denied("", part + "name=Action\r\n\r\nListUsers\r\n--b--", multipart_type));
}

BOOST_AUTO_TEST_CASE(row_15_an_operation_in_a_header_is_known) {
    const auto with = [](const char* name, const char* value) {
        return is_aws_denied("", "{}", {{"content-type", "application/x-amz-json-1.1"}, {name, value}});
    };
    BOOST_TEST(with("x-amz-target", "secretsmanager.GetSecretValue"));
    BOOST_TEST(with("x-amz-target", "secretsmanager.getsecretvalue"));
    BOOST_TEST(with("x-amz-target", "a.List, secretsmanager.GetSecretValue"));
    BOOST_TEST(with("x_amz_target", "TrentService.Decrypt"));
    BOOST_TEST(with("x-amz-target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"));
    BOOST_TEST(!with("x-amz-target", "secretsmanager.ListSecrets"));
    BOOST_TEST(!with("x-note", "secretsmanager.GetSecretValue"));
    BOOST_TEST(is_denied({"aws", "/service/SecretsManager/operation/GetSecretValue", {}}));
}

BOOST_AUTO_TEST_CASE(row_15_several_conditions_must_hold_together) {
    const auto with = [](const char* target, const char* body) {
        return is_aws_denied("", body,
                             {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", target}});
    };
    BOOST_TEST(with("AmazonSSM.GetParameter", R"({"Name":"n","WithDecryption":true})"));
    BOOST_TEST(with("AmazonSSM.GetParameter", R"({"Name":"n","withdecryption":"TRUE"})"));
    BOOST_TEST(with("AmazonSSM.GetParameters", R"({"WithDecryption":false,"WithDecryption":true})"));
    BOOST_TEST(!with("AmazonSSM.GetParameter", R"({"Name":"n","WithDecryption":false})"));
    BOOST_TEST(!with("AmazonSSM.PutParameter", R"({"Name":"n","WithDecryption":true})"));
}

BOOST_AUTO_TEST_CASE(row_15_a_field_of_a_graphql_document_is_known) {
    for (const auto* document :
         {"{repository(owner:\"a\",name:\"b\"){tempCloneToken}}", "{repository{harmless:tempCloneToken}}",
          "query Q{repository{...F}} fragment F on Repository{tempCloneToken}",
          "{repository{#\n\ttempCloneToken#x\n}}", "{repository{a#\"\rtempCloneToken#\"\n}}",
          "{repository{,,,tempCloneToken,}}", "\xEF\xBB\xBF{repository{tempCloneToken}}",
          "query A{viewer{id}} query B{repository{tempCloneToken}}",
          "mutation{x:createPersonalAccessToken(a:1){id}}", "{a(b:1tempCloneToken)}",
          "{a(b:1e5tempCloneToken)}", "{a(b:\"\\\"\"){tempCloneToken}}",
          "{a(b:\"\"\"x\"\"\"){tempCloneToken}}", "{a(b:\"\"\"x\\\"\"\"y\"\"\"){tempCloneToken}}",
          "{a(b:\"\"\"\" \"\"\"){tempCloneToken(c:\"\"\" \"\"\")}}", "{a(b:\"unended){tempCloneToken}",
          "{a #\xE2\x80\xA8 tempCloneToken\n}", "{repository{tempCloneToken @include(if:true)}}"}) {
        BOOST_TEST(is_graphql_denied(document), document);
    }
    for (const auto* document :
         {"{viewer{login}}", "mutation{addComment(input:{body:\"what is tempCloneToken?\"}){id}}",
          "{a(b:\"\"\"tempCloneToken\"\"\"){id}}", "{viewer{login #tempCloneToken\n}}", "{tempCloneTokens}"})
        BOOST_TEST(!is_graphql_denied(document), document);
    BOOST_TEST(is_graphql_denied("mutation{storefrontAccessTokenCreate(input:{}){x:__typename}}", "shopify"));
    BOOST_TEST(is_graphql_denied(
        "mutation{a:bulkOperationRunMutation(mutation:\"mutation{storefrontAccessTokenCreate}\"){b}}",
        "shopify"));
    BOOST_TEST(is_graphql_denied("{webhooks{nodes{secret}}}", "linear"));
}

BOOST_AUTO_TEST_CASE(row_15_a_graphql_document_is_found_wherever_it_stands) {
    const auto document = std::string{"{repository{tempCloneToken}}"};
    const auto denied = [](std::string_view query, std::string_view body, const Fields& fields,
                           const char* method = "POST") {
        return is_denied({"github", "/graphql", {query, body, fields}, method});
    };
    const auto in_json = nlohmann::json{{"query", document}}.dump();
    BOOST_TEST(denied("query=%7Brepository%7BtempCloneToken%7D%7D", "", {}, "GET"));
    BOOST_TEST(denied("query=%7Bviewer%7Bid%7D%7D", in_json, json_type));
    BOOST_TEST(denied("query={repository{tempCloneToken}}", R"({"query":"{viewer{id}}"})", json_type));
    BOOST_TEST(denied("", "query=%7Brepository%7BtempCloneToken%7D%7D", form_type));
    BOOST_TEST(denied("", "query={a(b:\"1;2\"){tempCloneToken}}", form_type));
    for (const auto* type : {"application/graphql", "text/plain", "application/json"}) {
        BOOST_TEST(denied("", document, {{"content-type", type}}), type);
        BOOST_TEST(denied("query={viewer{id}}", "query " + document, {{"content-type", type}}), type);
    }
    BOOST_TEST(denied("", R"([{"query":"{viewer{id}}"},{"query":"{a{temp\u0043loneToken}}"}])", json_type));
    BOOST_TEST(denied("", R"({"query":"{a{temp\u0043loneToken}}",})", json_type));
    BOOST_TEST(denied("", R"({"query":"{viewer{id}}","query":"{a{tempCloneToken}}"})", json_type));
    BOOST_TEST(denied("", "--b\r\nContent-Disposition: form-data; name=operations\r\n\r\n" + in_json,
                      multipart_type));
    BOOST_TEST(denied("", R"({"id":"doc-1"})", json_type));
    BOOST_TEST(denied("", R"({"query":"{viewer{id}}","extensions":{"persistedQuery":{"sha256Hash":"a"}}})",
                      json_type));
    BOOST_TEST(denied("", R"({"variables":{}})", json_type));
    BOOST_TEST(!denied("", R"({"query":"{viewer{id}}","variables":{"id":"https://a/?b=1&id=5&query=x"}})",
                       json_type));
    BOOST_TEST(!denied("", "", {}, "GET"));
}

BOOST_AUTO_TEST_CASE(row_15_a_request_in_a_batch_is_known) {
    const auto batch = [](const char* body) {
        return is_denied({"microsoft_graph", "/v1.0/$batch", {"", body, json_type}});
    };
    BOOST_TEST(batch(R"({"requests":[{"method":"POST","url":"/applications/1/addPassword"}]})"));
    BOOST_TEST(batch(R"({"requests":[{"method":"POST","url":"/applications/1/%61dd\u0050assword"}]})"));
    BOOST_TEST(!batch(R"({"requests":[{"method":"GET","url":"/me"}]})"));
}

BOOST_AUTO_TEST_CASE(row_15_nothing_is_kept_of_what_is_told_apart_by_more_than_its_path) {
    vault::Connector connector;
    connector.secret_endpoints = {{"POST /a", "/token", {}},
                                  {"* /**", {}, {}, {{{.parameter = "Action", .values = {"Make"}}}}}};
    vault::Policy policy;
    policy.secret_endpoints = true;
    const auto code = [&](std::string_view query) {
        vault::RequestFacts facts{.method = "POST", .path = "/a", .body_bytes = 0, .agent = {}};
        facts.content.query = query;
        return vault::decide(policy, connector, facts).code;
    };
    BOOST_TEST(code("") == "");
    BOOST_TEST(code("Action=Make") == "secret_endpoint_denied");
}

BOOST_AUTO_TEST_CASE(a_decoding_without_end_takes_no_time) {
    std::string text = "%";
    for (int i = 0; i < 500000; ++i) text += "25";
    BOOST_TEST(!is_aws_denied("", "Action=" + text + "41"));
}

BOOST_AUTO_TEST_CASE(a_selector_that_selects_nothing_or_anything_is_refused) {
    BOOST_TEST(refusal_of({.header = "X-Amz-Target", .values = {"*.Get"}}) == "");
    for (const vault::Selector& selector :
         {vault::Selector{.values = {"Get"}}, vault::Selector{.header = "a b", .values = {"Get"}},
          vault::Selector{.parameter = " ", .values = {"Get"}},
          vault::Selector{.graphql = false, .values = {"Get"}},
          vault::Selector{.body = true, .values = {"*"}}, vault::Selector{.body = true, .values = {"a*b*c"}},
          vault::Selector{.body = true, .values = {""}}, vault::Selector{.body = true, .values = {"G?t"}}})
        BOOST_TEST(refusal_of(selector) == "connector_invalid");
}
