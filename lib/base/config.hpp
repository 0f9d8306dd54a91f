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
            request_state;              ///< keys.request_state: seals MCP request states and session ids
        std::filesystem::path account;  ///< keys.account: seals second factors and user tokens' signing key
        std::filesystem::path
            signing;  ///< keys.signing: seals the keys that sign access tokens, read by oauth_token alone
    } keys;

    /// The tokens of the authorization server. Times are in seconds.
    struct Tokens {
        std::string signing_algorithm = "ES256";  ///< oauth.signing_algorithm: ES256 or RS256
        int signing_period = 30 * 86400;          ///< oauth.signing_period: how long one key signs
        int signing_lead = 86400;  ///< oauth.signing_lead: how long a key is published before it signs
        int access_token_lifetime = 3600;     ///< oauth.access_token_lifetime
        int refresh_token_idle = 30 * 86400;  ///< oauth.refresh_token_idle: unused for longer, it expires
        int refresh_grace = 120;  ///< oauth.refresh_grace: how long a rotated token gives its successor again
    } tokens;

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

    struct Mail {
        std::string from;                ///< mail.from, such as Gatehouse <gatehouse@example.com>
        std::string smtp;                ///< mail.smtp: smtps://host:465, or smtp://host:587 with STARTTLS
        std::string user;                ///< mail.user: to log in there
        std::filesystem::path password;  ///< mail.password: file with the password
        std::filesystem::path folder;    ///< mail.folder: without smtp, mail becomes files here
    } mail;

    /// An OpenID Connect provider that people may sign in with: one [[sign_in]] each.
    struct SignIn {
        std::string name;    ///< name: in URLs, [a-z0-9-]
        std::string title;   ///< title: on the button; Google for the issuer of Google unless given
        std::string issuer;  ///< issuer, such as https://accounts.google.com
        std::string client_id;
        std::filesystem::path
            client_secret;  ///< client_secret: file with the secret; none for a public client
    };
    std::vector<SignIn> sign_in;

    std::filesystem::path pages;  ///< pages: folder of templates/, static/ (lib/page) and mail/ (lib/mail)
    std::filesystem::path sql;    ///< sql: folder of roles.sql, grants.sql and migrations/

    /// Reads the file named by GATEHOUSE_CONFIG, else /etc/gatehouse/gatehouse.toml.
    /// Throws base::Error (invalid_input, "configuration_invalid") that names the key at fault.
    static Config load();
    static Config load(const std::filesystem::path& file);
};

}  // namespace base
