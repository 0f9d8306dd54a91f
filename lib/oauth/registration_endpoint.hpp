#pragma once

#include <string>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "db/database.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace oauth {

/// The client registration endpoint (RFC 7591) and the client configuration endpoints below it (RFC 7592).
class RegistrationEndpoint {
public:
    RegistrationEndpoint(const base::Config& config, db::Database& database);

    http::Response answer(const http::Request& request);

private:
    http::Response create(const http::Request& request);
    http::Response manage(const http::Request& request, std::string_view client_id);

    std::string public_url_;
    base::Config::OAuth limits_;
    db::Database& database_;
};

/// As render_error, with the wait of TooManyRegistrations and the challenge for a registration token.
http::Response render_registration_error(const base::Error& error);

}  // namespace oauth
