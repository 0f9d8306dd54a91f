#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace base {

/// What an executable is told when it starts: one TOML file for all of them.
/// It holds no secret; a key is named by the path of its file.
struct Config {
    std::string public_url;  ///< public_url: the public origin, no trailing slash
    std::vector<std::string>
        allowed_hosts;  ///< allowed_hosts: further values of Host that are served, with port
    std::vector<std::string> allowed_origins;  ///< allowed_origins: further web origins that may call

    struct Database {
        std::string host;  ///< database.host: folder of the PostgreSQL socket
        std::string name;  ///< database.name
        int port = 5432;   ///< database.port: part of the socket's file name
        int pool = 4;      ///< database.pool: connections of one process
    } database;

    std::filesystem::path internal_socket;  ///< internal.socket: nginx's internal listener

    /// Paths of key files; a systemd credential of the same file name is used instead where there is one.
    struct Keys {
        std::filesystem::path vault;  ///< keys.vault: key-encryption key, read by egress and the operator
        std::filesystem::path
            request_state;  ///< keys.request_state: seals MCP request states and session ids
    } keys;

    struct Egress {
        std::vector<std::string> allow;    ///< egress.allow: host:port that may be reached though private
        std::filesystem::path ca;          ///< egress.ca: a CA bundle trusted besides the system's
        std::filesystem::path connectors;  ///< egress.connectors: folder of connector files
    } egress;

    /// oauth.registration: "open" (the default), "strict" (a burst of 5) or "closed" (nobody registers).
    struct OAuth {
        bool registration_closed = false;
        int registration_burst = 20;       ///< oauth.registration_burst: at once, for each address
        int registration_per_hour = 5;     ///< oauth.registration_per_hour: afterwards, for each address
        int registration_per_day = 10000;  ///< oauth.registration_per_day: of all addresses together
    } oauth;

    std::filesystem::path pages;  ///< pages: folder of templates/ and static/ (lib/page)
    std::filesystem::path sql;  ///< sql: folder of roles.sql, grants.sql and migrations/

    /// Reads the file named by GATEHOUSE_CONFIG, else /etc/gatehouse/gatehouse.toml.
    /// Throws base::Error (invalid_input, "configuration_invalid") that names the key at fault.
    static Config load();
    static Config load(const std::filesystem::path& file);
};

}  // namespace base
