#include "vault/revocation.hpp"

namespace vault {

std::int64_t revoke_connector(db::Session& session, std::string_view connector) {
    static constexpr db::Statement revoke{"vault.revoke_connector", "SELECT vault.revoke_connector($1)"};
    return session.query(revoke, connector).front().integer(0);
}

std::int64_t revoke_connector_here(db::Session& session, std::string_view connector) {
    static constexpr db::Statement revoke{"vault.revoke_connector_here",
                                          "SELECT coalesce(vault.revoke_connector_here($1), 0)"};
    return session.query(revoke, connector).front().integer(0);
}

}  // namespace vault
