/// Accounts: the pages to sign in and to look after one's account, /api/v1/auth/..., and a user token for a
/// password that came to the REST handler.
///
/// Exposure  public, through nginx; the last through its internal listener alone
/// Identity  OS user and database role gatehouse_account
/// Can       register, authenticate and change users, begin and end login sessions, queue mail,
///           ask egress for what a configured sign-in provider says
/// Cannot    see a workspace, a service or a secret of the vault, open an outbound connection

#include "account/accounts.hpp"
#include "account_messages/exchange.hpp"
#include "account_pages/site.hpp"
#include "account_rest/api.hpp"
#include "base/error.hpp"
#include "fastcgi/run.hpp"
#include "http/problem.hpp"

namespace {

class AccountEndpoint {
public:
    explicit AccountEndpoint(const base::Config& config)
        : database_{config.database, "gatehouse_account"},
          accounts_{database_, config.keys.account},
          site_{config, database_, accounts_},
          api_{config, database_, accounts_} {}

    http::Response answer(const http::Request& request, http::Exchange&) {
        if (request.path == account_messages::exchange_path) return api_.exchange(request);
        return request.path.starts_with("/api/") ? api_.answer(request) : site_.answer(request);
    }

private:
    db::Database database_;
    account::Accounts accounts_;
    account_pages::Site site_;
    account_rest::Api api_;
};

}  // namespace

int main() { return fastcgi::run<AccountEndpoint>("account", http::render_problem); }
