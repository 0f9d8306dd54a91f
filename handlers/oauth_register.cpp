/// Client registration: POST /oauth/register (RFC 7591), GET, PUT, DELETE /oauth/register/{client_id} (RFC
/// 7592).
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_oauth_register
/// Can       write clients that registered themselves
/// Cannot    write other clients, read a grant, issue a token, open an outbound connection

#include "db/database.hpp"
#include "fastcgi/run.hpp"
#include "oauth/registration_endpoint.hpp"

namespace {

class RegisterEndpoint {
public:
    explicit RegisterEndpoint(const base::Config& config)
        : database_{config.database, "gatehouse_oauth_register"}, endpoint_{config, database_} {}

    http::Response answer(const http::Request& request, http::Exchange&) { return endpoint_.answer(request); }

private:
    db::Database database_;
    oauth::RegistrationEndpoint endpoint_;
};

}  // namespace

int main() { return fastcgi::run<RegisterEndpoint>("oauth_register", oauth::render_registration_error); }
