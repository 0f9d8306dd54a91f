#pragma once

#include <optional>
#include <string>

#include "base/config.hpp"
#include "db/database.hpp"
#include "egress/provider.hpp"
#include "egress_client/envelope.hpp"
#include "mail/letter.hpp"
#include "mail/sender.hpp"

namespace egress {

/// What egress does for Gatehouse itself (egress_client/errands.hpp). It takes nothing on trust: mail is what
/// PostgreSQL says it is, a provider is what the configuration says.
class Errands {
public:
    Errands(const base::Config& config, db::Database& database);

    /// The answer's text, or nothing when the operation is not one of these.
    std::optional<std::string> perform(const egress_client::Envelope& envelope);

private:
    std::string deliver_mail(const std::string& id);
    void deliver(const base::Uuid& id);
    void end_mail(const base::Uuid& id, bool was_sent);

    std::string public_url_;
    db::Database& database_;
    mail::Letters letters_;
    mail::Sender sender_;
    Providers providers_;
};

}  // namespace egress
