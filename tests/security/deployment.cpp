#include "security/deployment.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"

namespace test {

Deployment::Deployment() {
    config.public_url = "https://gatehouse.example.com";
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

egress::Caller Tenant::create_grant(const std::string& scopes) const {
    const auto id = auth::KeyId::create();
    const auto client = quoted(base::Uuid::create().text());
    deployment.database.arrange(
        "INSERT INTO oauth.client (id, client_id, origin, name, redirect_uris, grant_types, "
        "token_endpoint_auth_method) VALUES (" +
        client + ",'test ' || " + client + ",'manual','test','{}','{authorization_code}','none')");
    deployment.database.arrange(
        "INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at) "
        "VALUES (" +
        quoted(id.uuid().text()) + ',' + quoted(ids.workspace.uuid().text()) + ',' +
        quoted(ids.user.uuid().text()) + ',' + client + ",'{" + scopes + "}','r', now() + interval '1 day')");
    return {ids.workspace, id, {}};
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

}  // namespace test
