/// The authorization endpoint and its consent page: /oauth/authorize and /oauth/consent.
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_oauth_authorize
/// Can       make grants and authorization codes for whom a person lets in, ask egress for client metadata
/// documents Cannot    issue a token, sign anybody in, write clients other than metadata documents, open a
/// connection

#include "fastcgi/run.hpp"
#include "http/problem.hpp"
#include "oauth/authorization_endpoint.hpp"
#include "oauth/consent_endpoint.hpp"

namespace {

class AuthorizeEndpoint {
public:
    explicit AuthorizeEndpoint(const base::Config& config)
        : database_{config.database, "gatehouse_oauth_authorize"},
          pages_{config.pages},
          authorization_{config, database_, pages_},
          consent_{config, database_, pages_} {}

    http::Response answer(const http::Request& request, http::Exchange&) {
        try {
            return request.path == "/oauth/consent" ? consent_.answer(request)
                                                    : authorization_.answer(request);
        } catch (const base::Error& error) {
            return page_of(error);
        }
    }

private:
    http::Response page_of(const base::Error& error) const {
        if (error.reason() == base::Reason::internal || error.reason() == base::Reason::unavailable)
            throw error;
        const int status = error.code() == "method_not_allowed" ? 405 : status_of(error);
        auto response = pages_.render_error(status, "This did not work", error.what(), error.code());
        if (status == 405) response.fields.emplace_back("Allow", "GET, POST");
        if (status == 429) response.fields.emplace_back("Retry-After", "60");
        return response;
    }

    /// Whatever is wrong with the client is a bad request of this browser, not a missing login.
    static int status_of(const base::Error& error) {
        const int status = http::status_of(error.reason());
        return status == 401 || status == 502 ? 400 : status;
    }

    db::Database database_;
    page::Pages pages_;
    oauth::AuthorizationEndpoint authorization_;
    oauth::ConsentEndpoint consent_;
};

}  // namespace

int main() { return fastcgi::run<AuthorizeEndpoint>("oauth_authorize", http::render_problem); }
