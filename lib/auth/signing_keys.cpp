#include "auth/signing_keys.hpp"

#include <nlohmann/json.hpp>

#include "schema/json.hpp"

namespace auth {

jose::KeySet find_signing_keys(db::Session& session) {
    static constexpr db::Statement select{"auth.find_signing_keys",
                                          "SELECT public_jwk FROM auth.signing_keys()"};
    std::vector<jose::PublicKey> keys;
    for (const auto row : session.query(select)) {
        if (auto key = jose::PublicKey::parse(schema::parse(row.text(0)))) keys.push_back(*std::move(key));
    }
    return jose::KeySet{std::move(keys)};
}

}  // namespace auth
