#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "egress/upstream.hpp"
#include "security/world.hpp"
#include "support/database.hpp"
#include "vault/service.hpp"
#include "vault_keys/workspace_key.hpp"

namespace test {

inline constexpr auto secret = "s3cret/with+odd=chars-0123456789";

/// What all cases of the program share: a world, a database and a key file.
struct Deployment {
    World world;
    Database database;
    base::Config config;
    std::optional<vault::ConnectorCatalog> connectors;
    std::optional<vault_keys::KeyEncryption> key_encryption;

    Deployment();
    static inline Deployment* the = nullptr;
};

std::string quoted(const std::string& text);

/// A workspace with a key pair, an API key and services.
struct Tenant {
    Deployment& deployment = *Deployment::the;
    Database::Tenant ids = deployment.database.create_tenant();
    db::Database operator_database = deployment.database.as("gatehouse_operator");
    db::Autocommit session{operator_database, db::Scope{ids.workspace.uuid()}};
    egress::Caller caller = create_key("mcp.write");

    Tenant();

    egress::Caller create_key(const std::string& scopes) const;
    /// Of an OAuth client; a proof of one of its tokens is still to be given.
    egress::Caller create_grant(const std::string& scopes) const;
    /// A service of the generic connector with the secret `test::secret`.
    vault::Service create_service(const std::string& name, const std::string& method = "bearer",
                                  const std::string& origin = "https://api.example.com",
                                  std::map<std::string, std::string> settings = {}, bool revealable = false);
    /// Of any connector.
    vault::Service create_service(vault::NewService request);
};

template <class Action>
std::string code_of(Action action) {
    try {
        action();
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

}  // namespace test
