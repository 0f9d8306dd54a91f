#include "vault_grant/token.hpp"

#include "crypto/encoding.hpp"
#include "vault/seal.hpp"
#include "vault_open/open.hpp"

namespace vault_grant {
namespace {

std::optional<Token::Time> time_at(const db::Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.time(column);
}

std::string bytes_at(const db::Row& row, int column) {
    return crypto::bytes_of_hex(row.text(column)).value_or("");
}

/// With the version of the row, so that no value passes for another part or for an older one.
vault::FieldPlace place_of(const auth::WorkspaceId& workspace, const vault::Service& service,
                           std::int64_t version, Part part, std::string_view use) {
    return {workspace, service.id, part == Part::access ? "token.access" : "token.refresh", version, use};
}

std::string use_of(const vault::Service& service) {
    return vault::use_digest_of(service.connector, service.auth_method, service.origins, service.settings);
}

}  // namespace

std::optional<Token> token_of(const db::Row& row, int first) {
    if (row.is_null(first)) return std::nullopt;
    return Token{
        .version = row.integer(first),
        .access = bytes_at(row, first + 1),
        .refresh = bytes_at(row, first + 2),
        .wrapped_key = bytes_at(row, first + 3),
        .issued_at = time_at(row, first + 4),
        .expires_at = time_at(row, first + 5),
        .refresh_at = time_at(row, first + 6),
        .state = row.string(first + 7),
        .reason = row.string(first + 8),
        .since = time_at(row, first + 9),
        .claim_until = time_at(row, first + 10),
        .retry_at = time_at(row, first + 11),
    };
}

base::Secret open_token(const vault_keys::KeyEncryption& key_encryption, const auth::WorkspaceId& workspace,
                        const vault::Service& service, const Token& token, Part part) {
    const auto& sealed = part == Part::access ? token.access : token.refresh;
    if (sealed.empty()) return {};
    const auto use = use_of(service);
    return vault_open::open_field(key_encryption, token.wrapped_key,
                                  place_of(workspace, service, token.version, part, use), sealed);
}

std::string seal_token(const vault::SealingKey& key, const auth::WorkspaceId& workspace,
                       const vault::Service& service, std::int64_t version, Part part,
                       const base::Secret& value) {
    const auto use = use_of(service);
    return vault::seal_field(key, place_of(workspace, service, version, part, use), value);
}

}  // namespace vault_grant
