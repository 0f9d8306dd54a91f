#include "account/pending_login.hpp"
#include "account_pages/site.hpp"
#include "base/error.hpp"
#include "http/uri.hpp"

namespace account_pages {
namespace {

void set_cookie(http::Response& response, std::string value) {
    response.fields.emplace_back("Set-Cookie", std::move(value));
}

}  // namespace

Site::Values Site::show_nothing(Visit& visit) {
    return {{"email", visit.text("email")}, {"code", visit.query.text("code")}};
}

Site::Values Site::show_login(Visit& visit) {
    Values values{{"email", visit.text("email")}, {"providers", Values::array()}};
    for (const auto& provider : providers_.offered()) {
        values["providers"].push_back({{"name", provider.name},
                                       {"title", provider.title},
                                       {"provider_token", visit.guard.token("login")},
                                       {"come_back", visit.come_back()}});
    }
    values["has_providers"] = !providers_.offered().empty();
    return values;
}

http::Response Site::log_in(Visit& visit) {
    const auto email = visit.form.text("email");
    try {
        const auto first = accounts_.check_password(email, visit.secret("password"), visit.visitor());
        return finish_first_factor(visit, first, "pwd", visit.come_back());
    } catch (const base::Error& error) {
        if (error.code() != "account_not_activated") throw;
        return go(visit, "/activate?email=" + http::percent_encode(email) +
                             "&continue=" + http::percent_encode(visit.come_back()));
    }
}

http::Response Site::finish_first_factor(Visit& visit, const account::FirstFactor& first, const char* method,
                                         const std::string& come_back) {
    if (!first.wants_second) {
        auto response = go(visit, come_back);
        set_cookie(response, accounts_.sign_in(first, {method}, visit.request, visit.visitor()));
        return response;
    }
    db::Transaction transaction{database_, {}};
    account::require_same_password(transaction, first);
    auto response = go(visit, "/login/code");
    set_cookie(response, account::begin_pending_login(
                             transaction, {.user = first.user, .methods = {method}, .come_back = come_back}));
    transaction.commit();
    return response;
}

Site::Values Site::show_code(Visit&) { return Values::object(); }

http::Response Site::enter_code(Visit& visit) {
    db::Autocommit session{database_, {}};
    const auto pending = account::find_pending_login(session, visit.request);
    if (!pending) return go(visit, "/login");
    accounts_.check_second_factor(pending->user, visit.form.text("code"));
    auto cookies = accounts_.finish_login(*pending, visit.request, visit.visitor());
    auto response = go(visit, cookies.empty() ? "/login" : pending->come_back);
    for (auto& cookie : cookies) set_cookie(response, std::move(cookie));
    return response;
}

http::Response Site::log_out(Visit& visit) {
    db::Autocommit session{database_, {}};
    auto response = go(visit, "/login");
    set_cookie(response, account::end_session(session, visit.request));
    return response;
}

http::Response Site::go_to_provider(Visit& visit) {
    return go(visit,
              providers_.begin(visit.form.text("provider"), visit.guard.browser_sha256(), visit.come_back()));
}

http::Response Site::come_from_provider(Visit& visit) {
    const auto arrival = providers_.finish(visit.query, visit.guard.browser_sha256());
    const auto first = accounts_.enter(arrival.identity);
    return finish_first_factor(visit, first, "fed", arrival.come_back);
}

}  // namespace account_pages
