#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "account/accounts.hpp"
#include "account_pages/provider_flow.hpp"
#include "account_pages/visit.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "db/database.hpp"
#include "http/response.hpp"
#include "page/pages.hpp"

namespace account_pages {

/// The pages of accounts: thin forms over account::Accounts. Safe from any thread.
class Site {
public:
    Site(const base::Config& config, db::Database& database, account::Accounts& accounts);

    /// Answers with a page, whatever happens: failures are pages too.
    http::Response answer(const http::Request& request);

    /// A failure as a page.
    http::Response render_error(const base::Error& error) const;

private:
    using Values = nlohmann::json;

    /// A page at a path: shown by GET; POST checks the form's token, then submits. A refusal shows the page
    /// again with what was wrong.
    struct Form {
        std::string_view path;
        const char* name;
        bool needs_session;
        Values (Site::*show)(Visit&);
        http::Response (Site::*submit)(Visit&);
    };
    static const Form forms[];

    http::Response open(const Form& form, Visit& visit);
    http::Response submit(const Form& form, Visit& visit);
    http::Response again(const Form& form, Visit& visit, const base::Error& error);
    http::Response page(const char* name, Visit& visit, Values values, int status = 200);
    http::Response go(const Visit& visit, std::string_view path);
    /// After the first factor: on to the second, or signed in and back to where the visitor came from.
    http::Response finish_first_factor(Visit& visit, const account::FirstFactor& first, const char* method,
                                       const std::string& come_back);

    Values show_nothing(Visit& visit);
    Values show_login(Visit& visit);
    Values show_code(Visit& visit);
    Values show_account(Visit& visit);
    Values show_two_factor(Visit& visit);
    Values show_password(Visit& visit);
    Values show_unlink(Visit& visit);
    Values show_grants(Visit& visit);

    http::Response log_in(Visit& visit);
    http::Response enter_code(Visit& visit);
    http::Response log_out(Visit& visit);
    http::Response enrol(Visit& visit);
    http::Response activate(Visit& visit);
    http::Response send_activation(Visit& visit);
    http::Response send_reset(Visit& visit);
    http::Response reset_password(Visit& visit);
    http::Response change_password(Visit& visit);
    http::Response update_account(Visit& visit);
    http::Response begin_address_change(Visit& visit);
    http::Response change_address(Visit& visit);
    http::Response unlink_identity(Visit& visit);
    http::Response revoke_grant(Visit& visit);
    http::Response begin_two_factor(Visit& visit);
    http::Response confirm_two_factor(Visit& visit);
    http::Response disable_two_factor(Visit& visit);
    http::Response go_to_provider(Visit& visit);
    http::Response come_from_provider(Visit& visit);

    std::string public_url_;
    db::Database& database_;
    account::Accounts& accounts_;
    page::Pages pages_;
    ProviderFlow providers_;
};

}  // namespace account_pages
