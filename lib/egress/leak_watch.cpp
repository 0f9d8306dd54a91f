#include "egress/leak_watch.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "crypto/random.hpp"
#include "vault/seal.hpp"
#include "vault/service_row.hpp"
#include "vault_open/open.hpp"

namespace egress {

LeakWatch::LeakWatch(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                     const vault::ConnectorCatalog& connectors)
    : database_{database},
      key_encryption_{key_encryption},
      connectors_{connectors},
      key_{crypto::random_bytes(32)} {}

LeakWatch::Known LeakWatch::known_of(const Caller& caller, const db::Row& row) const {
    Known known{{vault::ServiceId{row.uuid(0)}, row.boolean(5)}, {}};
    const auto connector = row.string(1);
    const auto method = row.string(2);
    const auto field = row.string(6);
    const auto* found = connectors_.find(connector);
    if (found && !found->auth_method(method).is_secret(field)) return known;
    const auto use = vault::use_digest_of(connector, method, row.strings(3), vault::settings_of(row.text(4)));
    try {
        const auto secret = vault_open::open_field(
            key_encryption_, row.bytes(10),
            {caller.workspace, known.owner.service, field, row.integer(7), use}, row.bytes(9));
        known.marks = redaction::Fingerprints{key_}.marks_of(secret.reveal());
    } catch (const base::Error& error) {
        base::log(base::Severity::warning, "secret_not_watched",
                  {{"service", known.owner.service.text()}, {"error", error.what()}});
    }
    return known;
}

LeakWatch::Shared LeakWatch::renewed(const Caller& caller, const Workspace& former) {
    static constexpr db::Statement select{"egress.secrets_since", R"sql(
        SELECT service_id, connector, auth_method, origins, settings, decoy, field, version, generation, sealed,
               wrapped_key
          FROM vault.secrets_since($1, $2, $3, $4)
    )sql"};
    db::Autocommit session{database_, db::Scope{caller.workspace.uuid()}};
    const auto rows = session.query(select, caller.credential, db::Bytes{caller.proof}, caller.workspace,
                                    former.generation);
    auto next = std::make_shared<Workspace>();
    next->generation = former.generation;
    next->secrets = former.secrets;
    for (const auto row : rows) {
        next->secrets.insert_or_assign({vault::ServiceId{row.uuid(0)}, row.string(6)}, known_of(caller, row));
        next->generation = row.integer(8);
    }
    next->fingerprints.emplace(key_);
    for (const auto& [place, known] : next->secrets) {
        for (const auto& mark : known.marks) next->fingerprints->add(mark, next->owners.size());
        next->owners.push_back(known.owner);
    }
    next->fingerprints->prepare();
    return next;
}

LeakWatch::Shared LeakWatch::up_to_date(const Caller& caller, std::int64_t generation) {
    Shared known;
    {
        const std::lock_guard lock{mutex_};
        known = workspaces_[caller.workspace];
    }
    if (known && known->generation >= generation) return known;
    auto next = std::const_pointer_cast<Workspace>(renewed(caller, known ? *known : Workspace{}));
    next->generation = std::max(next->generation, generation);
    const std::lock_guard lock{mutex_};
    auto& kept = workspaces_[caller.workspace];
    if (!kept || kept->generation < next->generation) kept = next;
    return next;
}

std::optional<LeakWatch::Sighting> LeakWatch::look(const Caller& caller, std::int64_t generation,
                                                   const std::vector<std::string_view>& texts) {
    const auto known = up_to_date(caller, generation);
    for (const auto text : texts) {
        if (const auto owner = known->fingerprints->find(text)) return known->owners[*owner];
    }
    return std::nullopt;
}

}  // namespace egress
