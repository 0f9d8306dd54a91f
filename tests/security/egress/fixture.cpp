#define BOOST_TEST_MODULE egress_tests
#include "security/egress/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"

namespace test {

BOOST_TEST_GLOBAL_FIXTURE(Deployment);

Deployment::Deployment() {
    config.database = database.config();
    config.database.pool = 8;
    config.keys.vault = world.folder() / "vault.key";
    config.egress.ca = world.ca();
    config.egress.connectors = GATEHOUSE_CONNECTORS;
    crypto::create_key_file(config.keys.vault);
    connectors = vault::ConnectorCatalog::load(config.egress.connectors);
    key_encryption.emplace(config.keys.vault);
    the = this;
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

Tenant::Tenant() { vault_keys::create_workspace_keys(session, ids.workspace, *deployment.key_encryption); }

egress::Caller Tenant::create_key(const std::string& scopes) const {
    const auto id = auth::KeyId::create();
    const auto proof = crypto::sha256(id.text());
    deployment.database.arrange(
        "INSERT INTO auth.api_key (workspace_id, id, user_id, name, secret_sha256, scopes) VALUES (" +
        quoted(ids.workspace.uuid().text()) + ',' + quoted(id.uuid().text()) + ',' +
        quoted(ids.user.uuid().text()) + ",'test', decode('" + crypto::hex_of(proof) + "', 'hex'), '{" +
        scopes + "}')");
    return {ids.workspace, id, proof};
}

vault::Service Tenant::create_service(vault::NewService request) {
    return vault::create_service(session, ids.workspace, *deployment.connectors, std::move(request));
}

vault::Service Tenant::create_service(const std::string& name, const std::string& method,
                                      const std::string& origin, std::map<std::string, std::string> settings,
                                      bool revealable) {
    vault::NewService request;
    request.name = name;
    request.connector = "generic";
    request.auth_method = method;
    request.origins = {origin};
    request.settings = std::move(settings);
    request.revealable = revealable;
    if (method == "basic") {
        request.secrets.emplace("username", base::Secret{"agent"});
        request.secrets.emplace("password", base::Secret{secret});
    } else {
        request.secrets.emplace("secret", base::Secret{secret});
    }
    return create_service(std::move(request));
}

egress_client::CallRequest Fixture::request(const std::string& url, const std::string& service,
                                            const std::string& method) {
    egress_client::CallRequest call;
    call.service_name = service;
    call.method = method;
    call.url = url;
    return call;
}

std::string Fixture::outcome(const egress::Caller& caller, const egress_client::CallRequest& call) {
    try {
        return std::to_string(upstream.call(caller, call, {}).status);
    } catch (const base::Error& error) {
        BOOST_TEST(std::string{error.what()}.find(secret) == std::string::npos);
        return error.code();
    }
}

std::string Fixture::header_seen(const egress_client::CallResult& result, const std::string& name) {
    std::string values;
    for (const auto& pair : result.body_json.value()["headers"]) {
        if (pair[0] == name) values += pair[1].get<std::string>() + ";";
    }
    return values;
}

}  // namespace test
