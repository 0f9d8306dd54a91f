#pragma once

#include <string>

#include "account/form_guard.hpp"
#include "account/session.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "http/form.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/consent.hpp"
#include "page/pages.hpp"

namespace oauth {

/// Where a person decides on a request: own path and query.
std::string consent_path(const RequestId& id);

/// The consent page: GET /oauth/consent?request=areq_... shows it, POST decides.
class ConsentEndpoint {
public:
    ConsentEndpoint(const base::Config& config, db::Database& database, const page::Pages& pages)
        : public_url_{config.public_url}, database_{database}, pages_{pages} {}

    /// Throws base::Error for what ends on a page.
    http::Response answer(const http::Request& request);

private:
    struct Visit;
    http::Response ask(const Visit& visit, const std::string& complaint = {});
    http::Response decide(const Visit& visit, const http::Form& form);
    http::Response allow(const Visit& visit, const http::Form& form);
    http::Response deny(const Visit& visit);
    http::Response switch_account(const Visit& visit);

    std::string public_url_;
    db::Database& database_;
    const page::Pages& pages_;
};

}  // namespace oauth
