#include "account/form_guard.hpp"

#include "account/session.hpp"
#include "base/error.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/cookie.hpp"
#include "http/own_page.hpp"

namespace account {
namespace {

constexpr std::size_t secret_size = 32;
constexpr std::chrono::seconds cookie_age{30 * 24 * 3600};

std::string secret_of(const http::Request& request, std::string_view cookie) {
    auto secret = crypto::bytes_of_base64url(http::cookie_of(request, cookie));
    return secret && secret->size() == secret_size ? *std::move(secret) : std::string{};
}

}  // namespace

FormGuard::FormGuard(const http::Request& request)
    : browser_{secret_of(request, browser_cookie)}, session_{secret_of(request, session_cookie)} {
    is_new_ = browser_.empty();
    if (is_new_) browser_ = crypto::random_bytes(secret_size);
}

std::string FormGuard::token(std::string_view purpose) const {
    return crypto::base64url_of(crypto::hmac_sha256(
        browser_, "form\n" + crypto::base64url_of(session_) + '\n' + std::string{purpose}));
}

void FormGuard::check(const http::Request& request, const http::Form& form, std::string_view purpose,
                      std::string_view public_url) const {
    if (!is_new_ && http::is_from_own_page(request, public_url) &&
        crypto::equal_in_constant_time(form.text(field), token(purpose)))
        return;
    throw base::Error{base::Reason::forbidden, "form_refused",
                      "this form is out of date or was not sent from our own page; open the page again"};
}

void FormGuard::remember(http::Response& response) const {
    if (is_new_)
        response.fields.emplace_back(
            "Set-Cookie", http::set_cookie(browser_cookie, crypto::base64url_of(browser_), cookie_age));
}

std::string FormGuard::browser_sha256() const { return crypto::sha256(browser_); }

}  // namespace account
