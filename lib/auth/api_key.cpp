#include "auth/api_key.hpp"

#include "base/error.hpp"
#include "crypto/checksum.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "db/error.hpp"

namespace auth {
namespace {

constexpr std::string_view prefix = "ghk_";
constexpr std::size_t id_size = 26;
constexpr std::size_t secret_size = 43;
constexpr std::size_t checksum_size = 6;
constexpr std::size_t text_size = prefix.size() + id_size + 1 + secret_size + checksum_size;

std::string checksum_of(std::string_view text) {
    return crypto::base62_of_number(crypto::crc32(text), checksum_size);
}

std::string issue_text(const KeyId& id, std::string_view secret) {
    std::string text{prefix};
    text += base::base32_of(id.uuid());
    text += '_';
    text += secret;
    return text + checksum_of(text);
}

void require_found(const db::Result& result) {
    if (result.affected() == 0)
        throw base::Error{base::Reason::not_found, "key_not_found", "no such API key"};
}

std::optional<base::Clock::time_point> optional_time(const db::Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.time(column);
}

}  // namespace

std::optional<PresentedKey> parse_api_key(std::string_view text) {
    if (text.size() != text_size || !text.starts_with(prefix) || text[prefix.size() + id_size] != '_') {
        return std::nullopt;
    }
    const auto id = base::uuid_of_base32(text.substr(prefix.size(), id_size));
    if (!id ||
        text.substr(text_size - checksum_size) != checksum_of(text.substr(0, text_size - checksum_size))) {
        return std::nullopt;
    }
    return PresentedKey{KeyId{*id}, crypto::sha256(text.substr(prefix.size() + id_size + 1, secret_size))};
}

NewApiKey create_api_key(db::Session& session, const ApiKeyRequest& request) {
    static constexpr db::Statement insert{"auth.create_api_key", R"sql(
        INSERT INTO auth.api_key (workspace_id, id, user_id, name, secret_sha256, scopes, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
    )sql"};
    const auto id = KeyId::create();
    const auto secret = crypto::random_base62(secret_size);
    std::optional<std::int64_t> seconds;
    if (request.lifetime) seconds = request.lifetime->count();
    try {
        session.query(insert, request.workspace, id, request.user, request.name,
                      db::Bytes{crypto::sha256(secret.reveal())}, request.scopes.names(), seconds);
    } catch (const db::StatementError& error) {
        if (!error.is_foreign_key_violation()) throw;
        throw base::Error{base::Reason::invalid_input, "not_a_member",
                          "a key acts for a member of its workspace; this user is none"};
    }
    auto text = issue_text(id, secret.reveal());
    return NewApiKey{id, base::Secret::take(text)};
}

std::vector<ApiKey> list_api_keys(db::Session& session) {
    static constexpr db::Statement select{"auth.list_api_keys", R"sql(
        SELECT id, user_id, name, scopes, extract(epoch FROM created_at), extract(epoch FROM expires_at),
               extract(epoch FROM disabled_at), extract(epoch FROM last_used_at)
          FROM auth.api_key
         WHERE workspace_id = workspace.current_id()
         ORDER BY id
    )sql"};
    std::vector<ApiKey> keys;
    for (const auto row : session.query(select)) {
        keys.push_back(ApiKey{
            .id = KeyId{row.uuid(0)},
            .user = UserId{row.uuid(1)},
            .name = row.string(2),
            .scopes = Scopes::parse(row.strings(3)),
            .created_at = row.time(4),
            .expires_at = optional_time(row, 5),
            .disabled_at = optional_time(row, 6),
            .last_used_at = optional_time(row, 7),
        });
    }
    return keys;
}

NewApiKey rotate_api_key(db::Session& session, const KeyId& id) {
    static constexpr db::Statement update{"auth.rotate_api_key", R"sql(
        UPDATE auth.api_key SET secret_sha256 = $2 WHERE workspace_id = workspace.current_id() AND id = $1
    )sql"};
    const auto secret = crypto::random_base62(secret_size);
    require_found(session.query(update, id, db::Bytes{crypto::sha256(secret.reveal())}));
    auto text = issue_text(id, secret.reveal());
    return NewApiKey{id, base::Secret::take(text)};
}

void disable_api_key(db::Session& session, const KeyId& id) {
    static constexpr db::Statement update{"auth.disable_api_key", R"sql(
        UPDATE auth.api_key
           SET disabled_at = coalesce(disabled_at, now())
         WHERE workspace_id = workspace.current_id() AND id = $1
    )sql"};
    require_found(session.query(update, id));
}

void delete_api_key(db::Session& session, const KeyId& id) {
    static constexpr db::Statement remove{"auth.delete_api_key", R"sql(
        DELETE FROM auth.api_key WHERE workspace_id = workspace.current_id() AND id = $1
    )sql"};
    require_found(session.query(remove, id));
}

std::string secret_digest_of(db::Session& session, const KeyId& id) {
    static constexpr db::Statement select{"auth.secret_digest_of", R"sql(
        SELECT secret_sha256 FROM auth.api_key WHERE workspace_id = workspace.current_id() AND id = $1
    )sql"};
    const auto found = session.query(select, id);
    if (found.empty()) throw base::Error{base::Reason::not_found, "key_not_found", "no such API key"};
    return found[0].bytes(0);
}

}  // namespace auth
