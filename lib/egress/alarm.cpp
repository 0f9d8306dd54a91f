#include "egress/alarm.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

namespace egress {

void raise_alert(db::Database& database, const Caller& caller, const vault::ServiceId& service,
                 const char* kind, const std::string& detail) noexcept {
    static constexpr db::Statement raise{"egress.raise_alert",
                                         "SELECT vault.raise_alert($1, $2, $3, $4, $5)"};
    try {
        db::Autocommit session{database, db::Scope{caller.workspace.uuid()}};
        session.query(raise, caller.credential, caller.workspace, service, kind, detail);
    } catch (const std::exception& error) {
        base::log(base::Severity::error, "alert_not_recorded",
                  {{"kind", kind}, {"service", service.text()}, {"error", error.what()}});
    }
}

void trip_decoy(db::Database& database, const Caller& caller, const vault::ServiceId& decoy, const char* kind,
                const std::string& detail) {
    static constexpr db::Statement trip{"egress.trip_decoy",
                                        "SELECT vault.trip_decoy($1, $2, $3, $4, $5, $6)"};
    db::Autocommit session{database, db::Scope{caller.workspace.uuid()}};
    session.query(trip, caller.credential, db::Bytes{caller.proof}, caller.workspace, decoy, kind, detail);
    base::log(base::Severity::warning, kind,
              {{"service", decoy.text()}, {"credential", caller.credential.text()}});
    throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                      "the credential is unknown, disabled or expired"};
}

}  // namespace egress
