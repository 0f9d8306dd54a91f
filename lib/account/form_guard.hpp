#pragma once

#include <string>
#include <string_view>

#include "http/form.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace account {

/// Keeps other sites from sending our forms (CSRF, also before and at login).
///
/// A browser gets a cookie of 256 random bits with its first page. A form carries a token that only the
/// server of that page can make: an HMAC over the session's cookie (if any) and the form's purpose, under the
/// browser's cookie. So a token fits one browser, one login and one purpose; nothing is stored.
class FormGuard {
public:
    static constexpr std::string_view browser_cookie = "__Host-gatehouse_browser";
    static constexpr const char* field = "form_token";

    /// Reads the request's cookies; a browser without one gets one with remember().
    explicit FormGuard(const http::Request& request);

    /// What the hidden field `form_token` of a form must hold. `purpose` names the form and whatever it is
    /// about, such as "consent areq_...".
    std::string token(std::string_view purpose) const;

    /// Throws base::Error (forbidden, "form_refused") unless `form` carries the token for `purpose` and the
    /// browser does not say that another site's page sent it.
    void check(const http::Request& request, const http::Form& form, std::string_view purpose,
               std::string_view public_url) const;

    /// Adds the browser's cookie to a page, when the browser has none yet.
    void remember(http::Response& response) const;

    /// SHA-256 of the browser's cookie, raw: binds a row to one browser, before and after login.
    std::string browser_sha256() const;

private:
    std::string browser_;
    std::string session_;
    bool is_new_ = false;
};

}  // namespace account
