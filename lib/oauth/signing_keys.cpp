#include "oauth/signing_keys.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "auth/access_token.hpp"
#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

constexpr std::chrono::seconds between_looks{60};

jose::Algorithm algorithm_named(const std::string& name) {
    const auto algorithm = jose::algorithm_of(name);
    if (algorithm == jose::Algorithm::es256 || algorithm == jose::Algorithm::rs256) return *algorithm;
    throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                      "configuration: oauth.signing_algorithm must be ES256 or RS256"};
}

// The seal binds the key to its name: a row whose name was changed does not open.
std::string context_of(const std::string& kid) { return "signing key " + kid; }

jose::SigningKey open_key(const ServerKeys& keys, const std::string& kid, jose::Algorithm algorithm,
                          std::string_view sealed) {
    for (const auto& key : keys.all()) {
        const auto der = crypto::aead_open(key.sealing.reveal(), sealed, context_of(kid));
        if (!der) continue;
        if (auto opened = jose::SigningKey::parse(algorithm, der->reveal())) return *std::move(opened);
    }
    throw base::Error{
        base::Reason::internal, "signing_key_unusable", "the server's signing key cannot be opened",
        "keys.signing is not the file under which oauth.signing_key was sealed: put it back, or "
        "delete the rows to begin anew"};
}

}  // namespace

struct SigningKeys::Stored {
    struct Row {
        std::string kid;
        jose::Algorithm algorithm;
        std::string sealed;
        Time signs_from;
    };
    std::vector<Row> rows;  ///< newest first

    const Row* signing_at(Time now) const {
        const auto found = std::ranges::find_if(rows, [&](const Row& row) { return row.signs_from <= now; });
        return found == rows.end() ? nullptr : &*found;
    }
};

SigningKeys::SigningKeys(db::Database& database, const ServerKeys& keys, const base::Config::Tokens& settings)
    : database_{database},
      keys_{keys},
      settings_{settings},
      current_{database, {"gatehouse_signing_key"}, between_looks, 1} {
    algorithm_named(settings_.signing_algorithm);
    if (settings_.signing_lead >= settings_.signing_period) {
        throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                          "configuration: oauth.signing_lead must be less than oauth.signing_period"};
    }
}

std::shared_ptr<const jose::SigningKey> SigningKeys::current() {
    if (auto known = current_.find("")) return *known;
    const std::lock_guard lock{mutex_};
    if (auto known = current_.find("")) return *known;
    const auto asked = current_.ask();
    auto key = look();
    current_.remember("", key, asked);
    return key;
}

SigningKeys::Stored SigningKeys::find_stored() {
    static constexpr db::Statement select{"oauth.find_signing_keys", R"sql(
        SELECT kid, algorithm, sealed, extract(epoch FROM signs_from)
          FROM oauth.signing_key
         WHERE retires_at > now()
         ORDER BY signs_from DESC, kid
    )sql"};
    Stored stored;
    for (const auto row : db::Autocommit{database_, {}}.query(select)) {
        stored.rows.push_back({row.string(0), algorithm_named(row.string(1)), row.bytes(2), row.time(3)});
    }
    return stored;
}

std::shared_ptr<const jose::SigningKey> SigningKeys::look() {
    auto stored = find_stored();
    const std::chrono::seconds before_next{settings_.signing_period - settings_.signing_lead};
    if (stored.rows.empty() || stored.rows.front().signs_from + before_next <= base::Clock::now()) {
        add_after(stored.rows.empty() ? "" : stored.rows.front().kid);
        stored = find_stored();
    }
    const auto* signing = stored.signing_at(base::Clock::now());
    if (!signing) signing = &stored.rows.back();
    if (!opened_ || opened_->id() != signing->kid) {
        opened_ = std::make_shared<const jose::SigningKey>(
            open_key(keys_, signing->kid, signing->algorithm, signing->sealed));
    }
    return opened_;
}

void SigningKeys::add_after(const std::string& newest) {
    static constexpr db::Statement add{"oauth.add_signing_key", R"sql(
        SELECT oauth.add_signing_key($1, $2, $3, $4::jsonb, $5, make_interval(secs => $6), make_interval(secs => $7))
    )sql"};
    const auto key = jose::SigningKey::create(algorithm_named(settings_.signing_algorithm));
    const auto sealed =
        crypto::aead_seal(keys_.newest().sealing.reveal(), key.private_der().reveal(), context_of(key.id()));
    const auto tokens_live_for = settings_.access_token_lifetime + 2 * auth::token_clock_skew.count();
    db::Autocommit{database_, {}}.query(add, newest, key.id(), jose::name_of(key.algorithm()),
                                        schema::dump(key.public_key().jwk()), db::Bytes{sealed},
                                        settings_.signing_lead, tokens_live_for);
}

}  // namespace oauth
