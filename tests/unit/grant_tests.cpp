#define BOOST_TEST_MODULE grant_tests
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "egress/status.hpp"
#include "jose/jws.hpp"
#include "jose/signing_key.hpp"
#include "schema/json.hpp"
#include "vault/connector.hpp"
#include "vault/connector_check.hpp"
#include "vault/origin.hpp"
#include "vault_grant/answer.hpp"
#include "vault_grant/assertion.hpp"
#include "vault_grant/request.hpp"
#include "vault_grant/revoking.hpp"

namespace {

const base::Clock::time_point now{std::chrono::seconds{1800000000}};

const vault::ConnectorCatalog& shipped() {
    static const auto catalog = vault::ConnectorCatalog::load(GATEHOUSE_CONNECTORS);
    return catalog;
}

std::string example_of(const vault::Setting& setting) {
    switch (setting.kind) {
        case vault::SettingKind::host_label:
            return "example";
        case vault::SettingKind::host:
            return "example.com";
        case vault::SettingKind::name:
            return "X-Example";
        case vault::SettingKind::pattern:
            return "Key {secret}";
        case vault::SettingKind::text:
            return "some text";
        case vault::SettingKind::url:
            return "https://auth.example.com/token";
    }
    return "";
}

/// A service of this connector and method, as if an operator had made it.
vault_grant::Holder holder_of(const vault::Connector& connector, const vault::AuthMethod& method) {
    vault_grant::Holder holder;
    holder.method = &method;
    holder.service.name = "example";
    holder.service.connector = connector.id;
    holder.service.auth_method = method.name;
    for (const auto& setting : connector.settings)
        holder.service.settings[setting.name] = example_of(setting);
    for (const auto& setting : method.settings) holder.service.settings[setting.name] = example_of(setting);
    for (const auto& origin : connector.origins) holder.service.origins.push_back(holder.filled(origin));
    if (holder.service.origins.empty()) holder.service.origins = {"https://api.example.com"};
    return holder;
}

std::string pem_of(const jose::SigningKey& key) {
    return "-----BEGIN PRIVATE KEY-----\n" + crypto::base64_of(key.private_der().reveal()) +
           "\n-----END PRIVATE KEY-----\n";
}

const jose::SigningKey& rsa() {
    static const auto key = jose::SigningKey::create(jose::Algorithm::rs256);
    return key;
}

vault::Secrets secrets_of(const vault::AuthMethod& method) {
    vault::Secrets secrets;
    for (const auto& secret : method.secrets) {
        secrets.emplace(secret.name, secret.name == "private_key" ? base::Secret{pem_of(rsa())}
                                                                  : base::Secret{"value-of-" + secret.name});
    }
    return secrets;
}

template <class Action>
void for_each_method(Action action) {
    for (const auto& connector : shipped().all()) {
        for (const auto& method : connector.auth) action(connector, method);
    }
}

std::string field_of(const http_client::Request& request, const std::string& name) {
    for (const auto& field : request.fields) {
        if (field.name == name) return std::string{field.value.reveal()};
    }
    return "";
}

vault_grant::Answer answer(int status, const std::string& body, vault::Grant grant = {}) {
    return vault_grant::answer_of({.status = status, .fields = {}, .body = body, .truncated = false}, grant,
                                  now);
}

vault_grant::Failure::Kind failure(int status, const std::string& body, vault::Grant grant = {}) {
    return std::get<vault_grant::Failure>(answer(status, body, std::move(grant))).kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_shipped_connector)

BOOST_AUTO_TEST_CASE(has_a_well_formed_verification_at_its_first_origin) {
    for_each_method([](const auto& connector, const auto& method) {
        if (!connector.verify) return;
        const auto holder = holder_of(connector, method);
        const auto request = egress::probe_of(holder.service, connector);
        BOOST_TEST(vault::is_at_origin(request.url, vault::parse_origin(holder.service.origins.front())),
                   connector.id);
        BOOST_TEST(request.url.text().find('{') == std::string::npos, connector.id);
        BOOST_TEST((request.method->is_idempotent || request.method->has_body), connector.id);
        for (const int status : connector.verify->invalid)
            BOOST_TEST((status != 403 && status != 429 && status < 500), connector.id);
    });
}

BOOST_AUTO_TEST_CASE(has_well_formed_token_requests) {
    for_each_method([](const auto& connector, const auto& method) {
        if (!method.grant) return;
        const auto holder = holder_of(connector, method);
        const auto secrets = secrets_of(method);
        const auto needs_user = method.grant->type == vault::GrantType::authorization_code;
        const base::Secret refresh{needs_user ? "refresh-token" : ""};
        const auto request = vault_grant::token_request(holder, secrets, refresh, now);
        BOOST_TEST(request.url.scheme == "https", connector.id);
        BOOST_TEST(request.body.value().find('{') == std::string::npos, connector.id);
        BOOST_TEST(request.url.text().find('{') == std::string::npos, connector.id);
        if (!needs_user) return;
        const auto url =
            vault_grant::authorization_url(holder, {.redirect_uri = "https://g.example/connect/callback",
                                                    .state = "s",
                                                    .verifier = base::Secret{"v"}});
        for (const auto* part : {"response_type=code", "client_id=some%20text", "state=s", "code_challenge=",
                                 "code_challenge_method=S256", "redirect_uri=https%3A%2F%2Fg.example"})
            BOOST_TEST(url.find(part) != std::string::npos, connector.id + ": " + part);
        BOOST_TEST(url.find("value-of-client_secret") == std::string::npos, connector.id);
    });
}

BOOST_AUTO_TEST_CASE(is_revoked_by_success_alone) {
    const auto outcome = [](int status, const char* body) {
        return vault_grant::revocation_outcome_of(
            {.status = status, .fields = {}, .body = body, .truncated = false});
    };
    BOOST_TEST(outcome(200, "").is_revoked);
    BOOST_TEST(outcome(204, "").is_revoked);
    for (const int status : {302, 400, 401, 403, 404, 429, 500, 503})
        BOOST_TEST(!outcome(status, "{}").is_revoked, status);
    BOOST_TEST(outcome(400, R"({"error":"invalid_client","error_description":"x"})").text ==
               "failed: the provider answered 400 invalid_client");
    BOOST_TEST(outcome(400, R"({"error":"<b>"})").text == "failed: the provider answered 400");
}

BOOST_AUTO_TEST_CASE(has_well_formed_revocations) {
    for_each_method([](const auto& connector, const auto& method) {
        if (!method.revocation) return;
        const auto holder = holder_of(connector, method);
        const auto request = vault_grant::revocation_request(holder, secrets_of(method),
                                                             base::Secret{"access"}, base::Secret{"refresh"});
        BOOST_TEST(request.url.scheme == "https", connector.id);
        BOOST_TEST(request.url.text().find('{') == std::string::npos, connector.id);
        const auto sent = request.body.value_or("") + field_of(request, "Authorization");
        const bool names_it = sent.find("access") != std::string::npos ||
                              sent.find("refresh") != std::string::npos ||
                              sent.find("value-of-") != std::string::npos;
        BOOST_TEST(names_it, connector.id);
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(assertions)

BOOST_AUTO_TEST_CASE(of_a_service_account_are_signed_and_say_who_asks_for_what) {
    const auto& google = shipped().require("google");
    const auto& method = google.auth_method("service_account");
    auto holder = holder_of(google, method);
    holder.service.settings["subject"] = "";
    const auto secrets = secrets_of(method);
    const auto assertion = vault_grant::sign_assertion(holder, secrets, now);
    const auto jws = jose::parse_jws(assertion);
    BOOST_REQUIRE(jws.has_value());
    BOOST_TEST(jose::is_signed_by(rsa().public_key(), *jws));
    BOOST_TEST(jws->key_id.empty());
    const auto claims = schema::parse(jws->payload);
    BOOST_TEST(claims["iss"] == "some text");
    BOOST_TEST(claims["aud"] == "https://oauth2.googleapis.com/token");
    BOOST_TEST(!claims.contains("sub"));
    BOOST_TEST(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>() <= 600);
    const auto request = vault_grant::token_request(holder, secrets, {}, now);
    BOOST_TEST(request.body->starts_with(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="));
}

BOOST_AUTO_TEST_CASE(of_a_github_app_travel_as_bearer_and_bring_an_installation_token) {
    const auto& github = shipped().require("github");
    const auto& method = github.auth_method("github_app");
    const auto request = vault_grant::token_request(holder_of(github, method), secrets_of(method), {}, now);
    BOOST_TEST(request.url.text() == "https://api.github.com/app/installations/example/access_tokens");
    BOOST_TEST(field_of(request, "Authorization").starts_with("Bearer eyJ"));
    const auto token = answer(201, R"({"token":"ghs_x","expires_at":"2027-01-15T09:00:00Z"})", *method.grant);
    const auto& grantee = std::get<vault_grant::Grantee>(token);
    BOOST_TEST(grantee.access.reveal() == "ghs_x");
    BOOST_TEST(base::rfc3339_of(grantee.expires_at.value()) == "2027-01-15T09:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(cannot_be_made_with_what_is_no_key) {
    const auto& google = shipped().require("google");
    const auto& method = google.auth_method("service_account");
    for (const auto* pem :
         {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        vault::Secrets secrets;
        secrets.emplace("private_key", base::Secret{pem});
        BOOST_CHECK_EXCEPTION(vault_grant::sign_assertion(holder_of(google, method), secrets, now),
                              base::Error,
                              [](const auto& error) { return error.code() == "private_key_unusable"; });
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(answers_of_token_endpoints_are_told_apart) {
    using enum vault_grant::Failure::Kind;
    const auto good = answer(200, R"({"access_token":"a","refresh_token":"r","expires_in":"3600"})");
    BOOST_TEST((std::get<vault_grant::Grantee>(good).expires_at == now + std::chrono::hours{1}));
    BOOST_TEST((failure(400, R"({"error":"invalid_grant"})") == lost));
    BOOST_TEST((failure(401, R"({"error":"invalid_client"})") == misconfigured));
    BOOST_TEST((failure(400, R"({"error":"unauthorized_client"})") == misconfigured));
    BOOST_TEST((failure(302, "") == misconfigured));
    BOOST_TEST((failure(200, "<html>") == misconfigured));
    BOOST_TEST((failure(200, R"({"access_token":7})") == misconfigured));
    for (const int status : {429, 500, 503}) BOOST_TEST((failure(status, "{}") == transient));
    vault::Grant github;
    github.lost_errors = {"bad_refresh_token"};
    BOOST_TEST((failure(200, R"({"error":"bad_refresh_token","access_token":"x"})", github) == lost));
    const auto odd = answer(400, R"({"error":"line\nbreak and a secret"})");
    BOOST_TEST(std::get<vault_grant::Failure>(odd).reason.find("secret") == std::string::npos);
}
