#pragma once

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace rest_access {

/// What a browser asks before a page of another origin may call (Fetch standard, CORS). It does not send the
/// key along: any page for which some live publishable key is meant may go on.
/// Throws base::Error (forbidden, "origin_not_allowed").
http::Response preflight(db::Database& database, const http::Request& request);

/// Lets the page read the answer when its key is a publishable one; then its origin has been checked. No page
/// of another origin reads an answer to any other credential.
void share_with_page(http::Response& response, const http::Request& request,
                     const auth::Principal& principal);

}  // namespace rest_access
