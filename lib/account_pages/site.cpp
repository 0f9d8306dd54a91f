#include "account_pages/site.hpp"

#include "account/throttle.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "http/own_page.hpp"
#include "http/problem.hpp"
#include "http/uri.hpp"

namespace account_pages {

const Site::Form Site::forms[] = {
    {"/login", "login", false, &Site::show_login, &Site::log_in},
    {"/login/code", "login_code", false, &Site::show_code, &Site::enter_code},
    {"/login/provider", "login", false, &Site::show_login, &Site::go_to_provider},
    {"/logout", "logout", false, &Site::show_nothing, &Site::log_out},
    {"/register", "register", false, &Site::show_nothing, &Site::enrol},
    {"/activate", "activate", false, &Site::show_nothing, &Site::activate},
    {"/activate/again", "activate_again", false, &Site::show_nothing, &Site::send_activation},
    {"/password/forgot", "password_forgot", false, &Site::show_nothing, &Site::send_reset},
    {"/password/reset", "password_reset", false, &Site::show_nothing, &Site::reset_password},
    {"/password/change", "password_change", true, &Site::show_password, &Site::change_password},
    {"/account", "account", true, &Site::show_account, &Site::update_account},
    {"/account/email", "account_email", true, &Site::show_password, &Site::begin_address_change},
    {"/account/email-code", "account_email_code", true, &Site::show_nothing, &Site::change_address},
    {"/account/unlink", "account_unlink", true, &Site::show_unlink, &Site::unlink_identity},
    {"/account/grants", "account_grants", true, &Site::show_grants, &Site::revoke_grant},
    {"/two-factor", "two_factor", true, &Site::show_two_factor, &Site::begin_two_factor},
    {"/two-factor/confirm", "two_factor", true, &Site::show_two_factor, &Site::confirm_two_factor},
    {"/two-factor/disable", "two_factor_disable", true, &Site::show_password, &Site::disable_two_factor},
};

namespace {

bool is_refusal(const base::Error& error) {
    const int status = http::status_of(error.reason());
    if (error.code() == "grant_not_found" || error.code() == "identity_not_found") return true;
    return status < 500 && error.reason() != base::Reason::not_found && error.code() != "form_refused";
}

std::string sentence_of(const base::Error& error) {
    std::string text = error.what();
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text + '.';
}

// What a form shows again after a refusal; never a password or a code.
constexpr const char* kept_fields[] = {"email", "name"};

}  // namespace

Site::Site(const base::Config& config, db::Database& database, account::Accounts& accounts)
    : public_url_{config.public_url},
      database_{database},
      accounts_{accounts},
      pages_{config.pages},
      providers_{config, database} {}

http::Response Site::answer(const http::Request& request) {
    Visit visit{request};
    try {
        db::Autocommit session{database_, {}};
        visit.session = account::find_session(session, request);
        visit.query = http::Form::parse(request.query);
        if (request.path == "/login/callback" && request.method == http::Method::get)
            return come_from_provider(visit);
        for (const auto& form : forms)
            if (form.path == request.path) return open(form, visit);
        throw base::Error{base::Reason::not_found, "page_not_found", "there is no such page"};
    } catch (const base::Error& error) {
        return render_error(error);
    }
}

http::Response Site::open(const Form& form, Visit& visit) {
    if (form.needs_session && !visit.session) return go(visit, account::login_path(form.path));
    if (visit.request.method == http::Method::post) return submit(form, visit);
    if (visit.request.method == http::Method::get || visit.request.method == http::Method::head)
        return page(form.name, visit, (this->*form.show)(visit));
    auto response =
        pages_.render_error(405, "This page cannot do that", "Open it in a browser.", "method_not_allowed");
    response.fields.emplace_back("Allow", "GET, HEAD, POST");
    return response;
}

http::Response Site::submit(const Form& form, Visit& visit) {
    visit.form = http::Form::of(visit.request);
    visit.guard.check(visit.request, visit.form, form.name, public_url_);
    try {
        return (this->*form.submit)(visit);
    } catch (const base::Error& error) {
        if (!is_refusal(error)) throw;
        return again(form, visit, error);
    }
}

http::Response Site::again(const Form& form, Visit& visit, const base::Error& error) {
    auto values = (this->*form.show)(visit);
    values["message"] = sentence_of(error);
    for (const char* field : kept_fields) values[field] = visit.text(field);
    const auto* throttled = dynamic_cast<const account::TooManyAttempts*>(&error);
    auto response = page(form.name, visit, std::move(values), throttled ? 429 : 422);
    if (throttled)
        response.fields.emplace_back("Retry-After", std::to_string(throttled->retry_after().count()));
    return response;
}

http::Response Site::page(const char* name, Visit& visit, Values values, int status) {
    const auto come_back = std::string{http::own_path(visit.text("continue"), "")};
    values["form_token"] = visit.guard.token(name);
    values["continue"] = come_back;
    values["continue_query"] = come_back.empty() ? "" : "?continue=" + http::percent_encode(come_back);
    if (visit.session && !values.contains("account")) {
        values["account"] = visit.session->email;
        values["logout_token"] = visit.guard.token("logout");
    }
    auto response = pages_.render(name, values, status);
    visit.guard.remember(response);
    return response;
}

http::Response Site::go(const Visit& visit, std::string_view path) {
    auto response = page::see_other(path);
    visit.guard.remember(response);
    return response;
}

http::Response Site::render_error(const base::Error& error) const {
    const int status = http::status_of(error.reason());
    if (status >= 500)
        base::log(base::Severity::error, "page_failed",
                  {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}});
    auto response = pages_.render_error(status, status == 404 ? "There is no such page" : "That did not work",
                                        sentence_of(error), error.code());
    if (status == 503) response.fields.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace account_pages
