#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "account/accounts.hpp"
#include "account/user_token.hpp"
#include "account_messages/operation.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace account_rest {

/// REST for accounts: /api/v1/auth/..., thin forms over account::Accounts. It looks at no cookie, so no other
/// site's page can use a person's login here. Safe from any thread.
class Api {
public:
    Api(const base::Config& config, db::Database& database, account::Accounts& accounts);

    /// Every failure is a problem (RFC 9457).
    http::Response answer(const http::Request& request);

    /// What the REST handler asks for a request that came with a password (account_messages/exchange.hpp): a
    /// user token of ten minutes. Refused where two-factor sign-in is on: a request has no second factor.
    http::Response exchange(const http::Request& request);

    struct Call;
    using Run = nlohmann::json (Api::*)(const Call&);
    /// The function of an operation's name; null when there is none.
    static Run run_of(const std::string& name);

private:
    http::Response perform(const account_messages::Operation& operation, const http::Request& request);
    account::LoginSession require_token(const http::Request& request);
    nlohmann::json token_for(const account::FirstFactor& first, const std::optional<std::string>& code);
    nlohmann::json user_of(const auth::UserId& id);

    nlohmann::json enrol(const Call& call);
    nlohmann::json send_activation(const Call& call);
    nlohmann::json activate(const Call& call);
    nlohmann::json log_in(const Call& call);
    nlohmann::json create_token(const Call& call);
    nlohmann::json log_out(const Call& call);
    nlohmann::json send_reset(const Call& call);
    nlohmann::json reset_password(const Call& call);
    nlohmann::json change_password(const Call& call);
    nlohmann::json begin_two_factor(const Call& call);
    nlohmann::json confirm_two_factor(const Call& call);
    nlohmann::json disable_two_factor(const Call& call);
    nlohmann::json view_user(const Call& call);
    nlohmann::json update_user(const Call& call);
    nlohmann::json begin_address_change(const Call& call);
    nlohmann::json change_address(const Call& call);
    nlohmann::json unlink_identity(const Call& call);
    nlohmann::json list_grants(const Call& call);
    nlohmann::json revoke_grant(const Call& call);

    db::Database& database_;
    account::Accounts& accounts_;
    account::UserTokens tokens_;
};

/// Mail address and password of an Authorization: Basic field (RFC 7617). Throws base::Error
/// (unauthenticated, "credential_missing" or "credential_invalid").
struct BasicCredentials {
    std::string email;
    base::Secret password;
};
BasicCredentials basic_credentials_of(const http::Request& request);

}  // namespace account_rest
