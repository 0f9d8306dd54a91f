#include "auth/publishable_key.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "crypto/checksum.hpp"
#include "crypto/encoding.hpp"
#include "db/error.hpp"

namespace auth {
namespace {

constexpr std::string_view prefix = "gpk_";
constexpr std::size_t id_size = 26;
constexpr std::size_t checksum_size = 6;
constexpr std::size_t most_origins = 20;

std::string text_of(const PublishableKeyId& id) {
    auto text = std::string{prefix} + base::base32_of(id.uuid());
    return text + crypto::base62_of_number(crypto::crc32(text), checksum_size);
}

std::optional<PublishableKeyId> parse(std::string_view text) {
    if (text.size() != prefix.size() + id_size + checksum_size) return std::nullopt;
    const auto id = base::uuid_of_base32(text.substr(prefix.size(), id_size));
    if (!id || text_of(PublishableKeyId{*id}) != text) return std::nullopt;
    return PublishableKeyId{*id};
}

void require_origins(const std::vector<std::string>& origins) {
    if (!origins.empty() && origins.size() <= most_origins && std::ranges::all_of(origins, is_web_origin))
        return;
    throw base::Error{base::Reason::invalid_input, "origin_invalid",
                      "a publishable key needs one to 20 origins such as https://www.example.com, without a "
                      "path, with http for localhost alone"};
}

void require_found(const db::Result& result) {
    if (result.affected() == 0)
        throw base::Error{base::Reason::not_found, "key_not_found", "no such publishable key"};
}

}  // namespace

std::string PublishableKey::text() const { return text_of(id); }

bool has_form_of_publishable_key(std::string_view text) noexcept { return text.starts_with(prefix); }

Principal find_publishable_key(db::Database& database, std::string_view text, std::string_view origin) {
    static constexpr db::Statement select{"auth.find_publishable_key", R"sql(
        SELECT workspace_id, slug, mcp_enabled, user_id, is_allowed FROM auth.find_publishable_key($1, $2)
    )sql"};
    const auto key = parse(text);
    if (!key) {
        throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                          "the publishable key is malformed"};
    }
    const auto result = db::Autocommit{database, {}}.query(select, *key, origin);
    if (result.empty()) {
        throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                          "the publishable key is unknown or disabled"};
    }
    const auto row = result.front();
    if (!row.boolean(4)) {
        throw base::Error{base::Reason::forbidden, "origin_not_allowed",
                          "this publishable key works in pages of its own origins alone"};
    }
    return Principal{.kind = CredentialKind::publishable_key,
                     .credential = KeyId{key->uuid()},
                     .credential_proof = {},
                     .user = UserId{row.uuid(3)},
                     .workspace = WorkspaceId{row.uuid(0)},
                     .workspace_slug = row.string(1),
                     .mcp_enabled = row.boolean(2),
                     .scopes = {Scope::mcp_read},
                     .client = std::nullopt,
                     .resource = {}};
}

bool is_origin_of_some_key(db::Database& database, std::string_view origin) {
    static constexpr db::Statement select{"auth.is_origin_of_some_key",
                                          "SELECT auth.is_origin_of_some_key($1)"};
    return db::Autocommit{database, {}}.query(select, origin).front().boolean(0);
}

PublishableKey create_publishable_key(db::Session& session, const PublishableKeyRequest& request) {
    static constexpr db::Statement insert{"auth.create_publishable_key", R"sql(
        INSERT INTO auth.publishable_key (workspace_id, id, user_id, name, allowed_origins)
        VALUES ($1, $2, $3, $4, $5)
    )sql"};
    require_origins(request.allowed_origins);
    PublishableKey key{.id = PublishableKeyId::create(),
                       .user = request.user,
                       .name = request.name,
                       .allowed_origins = request.allowed_origins,
                       .created_at = base::Clock::now(),
                       .disabled_at = std::nullopt};
    try {
        session.query(insert, request.workspace, key.id, key.user, key.name, key.allowed_origins);
    } catch (const db::StatementError& error) {
        if (!error.is_foreign_key_violation()) throw;
        throw base::Error{base::Reason::invalid_input, "not_a_member",
                          "a key acts for a member of its workspace; this user is none"};
    }
    return key;
}

std::vector<PublishableKey> list_publishable_keys(db::Session& session) {
    static constexpr db::Statement select{"auth.list_publishable_keys", R"sql(
        SELECT id, user_id, name, allowed_origins, extract(epoch FROM created_at),
               extract(epoch FROM disabled_at)
          FROM auth.publishable_key
         WHERE workspace_id = workspace.current_id()
         ORDER BY id
    )sql"};
    std::vector<PublishableKey> keys;
    for (const auto row : session.query(select)) {
        keys.push_back({.id = PublishableKeyId{row.uuid(0)},
                        .user = UserId{row.uuid(1)},
                        .name = row.string(2),
                        .allowed_origins = row.strings(3),
                        .created_at = row.time(4),
                        .disabled_at = row.is_null(5) ? std::nullopt : std::optional{row.time(5)}});
    }
    return keys;
}

void disable_publishable_key(db::Session& session, const PublishableKeyId& id) {
    static constexpr db::Statement update{"auth.disable_publishable_key", R"sql(
        UPDATE auth.publishable_key
           SET disabled_at = coalesce(disabled_at, now())
         WHERE workspace_id = workspace.current_id() AND id = $1
    )sql"};
    require_found(session.query(update, id));
}

void delete_publishable_key(db::Session& session, const PublishableKeyId& id) {
    static constexpr db::Statement remove{
        "auth.delete_publishable_key",
        "DELETE FROM auth.publishable_key WHERE workspace_id = workspace.current_id() AND id = $1"};
    require_found(session.query(remove, id));
}

}  // namespace auth
