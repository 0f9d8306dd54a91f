#include "egress/resealer.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "vault/seal.hpp"
#include "vault/service_row.hpp"
#include "vault_grant/token.hpp"
#include "vault_open/open.hpp"

namespace egress {
namespace {

constexpr int batch = 100;
constexpr std::chrono::minutes period{10};  ///< also how long an older key pair is kept for who is sealing

bool reseal(db::Session& session, const vault_keys::KeyEncryption& key_encryption, const db::Row& row) {
    static constexpr db::Statement replace{"egress.reseal_field",
                                           "SELECT vault.reseal_field($1, $2, $3, $4, $5, $6)"};
    const auth::WorkspaceId workspace{row.uuid(0)};
    const vault::ServiceId service{row.uuid(1)};
    const auto field = row.string(6);
    const auto use =
        vault::use_digest_of(row.string(2), row.string(3), row.strings(4), vault::settings_of(row.text(5)));
    const vault::FieldPlace place{workspace, service, field, row.integer(7), use};
    const auto sealed = row.bytes(8);
    const auto secret = vault_open::open_field(key_encryption, row.bytes(9), place, sealed);
    const vault::SealingKey key{row.uuid(10), row.bytes(11)};
    const auto anew = vault::seal_field(key, place, secret);
    return session.query(replace, workspace, service, field, db::Bytes{sealed}, key.id, db::Bytes{anew})
        .front()
        .boolean(0);
}

std::string reseal_part(const vault_keys::KeyEncryption& key_encryption, const auth::WorkspaceId& workspace,
                        const vault::Service& service, const vault_grant::Token& token,
                        const vault::SealingKey& key, vault_grant::Part part) {
    const auto secret = vault_grant::open_token(key_encryption, workspace, service, token, part);
    return secret.empty() ? ""
                          : vault_grant::seal_token(key, workspace, service, token.version, part, secret);
}

std::optional<db::Bytes> bytes_or_nothing(const std::string& bytes) {
    return bytes.empty() ? std::nullopt : std::optional{db::Bytes{bytes}};
}

bool reseal_token(db::Session& session, const vault_keys::KeyEncryption& key_encryption, const db::Row& row) {
    static constexpr db::Statement replace{"egress.reseal_token",
                                           "SELECT vault.reseal_token($1, $2, $3, $4, $5, $6, $7, $8)"};
    const auth::WorkspaceId workspace{row.uuid(0)};
    vault::Service service;
    service.id = vault::ServiceId{row.uuid(1)};
    service.connector = row.string(2);
    service.auth_method = row.string(3);
    service.origins = row.strings(4);
    service.settings = vault::settings_of(row.text(5));
    vault_grant::Token token;
    token.version = row.integer(6);
    if (!row.is_null(7)) token.access = row.bytes(7);
    if (!row.is_null(8)) token.refresh = row.bytes(8);
    token.wrapped_key = row.bytes(9);
    const vault::SealingKey key{row.uuid(10), row.bytes(11)};
    using vault_grant::Part;
    const auto access = reseal_part(key_encryption, workspace, service, token, key, Part::access);
    const auto refresh = reseal_part(key_encryption, workspace, service, token, key, Part::refresh);
    return session
        .query(replace, workspace, service.id, token.version, bytes_or_nothing(token.access),
               bytes_or_nothing(token.refresh), key.id, bytes_or_nothing(access), bytes_or_nothing(refresh))
        .front()
        .boolean(0);
}

template <class Reseal>
int reseal_rows(db::Session& session, const db::Statement& select, Reseal reseal_one) {
    int count = 0;
    for (const auto row : session.query(select, batch)) {
        try {
            count += reseal_one(row) ? 1 : 0;
        } catch (const base::Error& error) {
            base::log(base::Severity::warning, "not_resealed",
                      {{"service", vault::ServiceId{row.uuid(1)}.text()}, {"error", error.what()}});
        }
    }
    return count;
}

}  // namespace

Resealer::Resealer(db::Database& database, const vault_keys::KeyEncryption& key_encryption)
    : database_{database},
      key_encryption_{key_encryption},
      thread_{[this] { work(); }},
      listener_{
          database,
          {"gatehouse_vault_key"},
          {.on_notification = [this](const auto&, const auto&) { wake(); }, .on_gap = [this] { wake(); }}} {}

Resealer::~Resealer() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Resealer::wake() {
    const std::lock_guard lock{mutex_};
    has_work_ = true;
    changed_.notify_one();
}

void Resealer::work() {
    for (std::unique_lock lock{mutex_}; !is_stopping_;) {
        changed_.wait_for(lock, period, [&] { return is_stopping_ || has_work_; });
        has_work_ = false;
        if (is_stopping_) return;
        lock.unlock();
        catch_up();
        lock.lock();
    }
}

void Resealer::catch_up() {
    try {
        while (reseal_some(database_, key_encryption_) > 0) {
            const std::lock_guard lock{mutex_};
            if (is_stopping_) return;
        }
        drop_unused(database_, "10 minutes");
    } catch (const std::exception& error) {
        base::log(base::Severity::warning, "resealing_failed", {{"error", error.what()}});
    }
}

int Resealer::reseal_some(db::Database& database, const vault_keys::KeyEncryption& key_encryption) {
    static constexpr db::Statement select{"egress.fields_to_reseal", R"sql(
        SELECT workspace_id, service_id, connector, auth_method, origins, settings, field, version, sealed,
               wrapped_key, new_key_id, new_public_key
          FROM vault.fields_to_reseal($1)
    )sql"};
    static constexpr db::Statement select_tokens{"egress.tokens_to_reseal", R"sql(
        SELECT workspace_id, service_id, connector, auth_method, origins, settings, version, access, refresh,
               wrapped_key, new_key_id, new_public_key
          FROM vault.tokens_to_reseal($1)
    )sql"};
    db::Autocommit session{database, {}};
    return reseal_rows(session, select,
                       [&](const auto& row) { return reseal(session, key_encryption, row); }) +
           reseal_rows(session, select_tokens,
                       [&](const auto& row) { return reseal_token(session, key_encryption, row); });
}

void Resealer::drop_unused(db::Database& database, const char* older_than) {
    static constexpr db::Statement drop{"egress.drop_unused_keys",
                                        "SELECT vault.drop_unused_keys($1::interval)"};
    db::Autocommit{database, {}}.query(drop, older_than);
}

}  // namespace egress
