#pragma once

#include <optional>
#include <string>

#include "account/form_guard.hpp"
#include "account/session.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "http/form.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/consent.hpp"
#include "oauth/metadata_document.hpp"
#include "page/pages.hpp"

namespace oauth {

/// The authorization endpoint: GET or POST /oauth/authorize (OAuth 2.1 section 3.1).
///
/// What cannot be trusted ends on a page. A sound request is remembered for this browser and continues at
/// /login or /oauth/consent, unless an earlier consent of a proven client covers it.
class AuthorizationEndpoint {
public:
    AuthorizationEndpoint(const base::Config& config, db::Database& database, const page::Pages& pages);

    /// Throws base::Error for what ends on a page.
    http::Response answer(const http::Request& request);

private:
    struct Visit;
    Client require_client(const http::Form& parameters, const std::string& remote_address);
    http::Response begin(Visit& visit, AuthorizationRequest request);
    std::optional<http::Response> answer_from_consent(const Visit& visit,
                                                      const AuthorizationRequest& request);
    http::Response refuse(const Visit& visit, const AuthorizationRefusal& refusal, const Client& client);

    std::string public_url_;
    db::Database& database_;
    MetadataDocuments documents_;
};

}  // namespace oauth
