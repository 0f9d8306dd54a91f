#include "account_pages/qr_code.hpp"
#include "account_pages/site.hpp"
#include "http/uri.hpp"

namespace account_pages {
namespace {

std::string with_email(std::string_view path, const Visit& visit) {
    auto target = std::string{path} + "?email=" + http::percent_encode(visit.form.text("email"));
    if (const auto come_back = visit.text("continue"); !come_back.empty())
        target += "&continue=" + http::percent_encode(come_back);
    return target;
}

}  // namespace

http::Response Site::enrol(Visit& visit) {
    accounts_.enrol({.email = visit.form.text("email"),
                     .name = visit.form.text("name"),
                     .password = visit.secret("password")},
                    visit.visitor());
    return go(visit, with_email("/activate", visit));
}

http::Response Site::activate(Visit& visit) {
    const auto first = accounts_.activate(visit.form.text("email"), visit.form.text("code"),
                                          visit.secret("password"), visit.visitor());
    return finish_first_factor(visit, first, "pwd", visit.come_back());
}

http::Response Site::send_activation(Visit& visit) {
    accounts_.send_activation(visit.form.text("email"), visit.visitor());
    return go(visit, with_email("/activate", visit));
}

http::Response Site::send_reset(Visit& visit) {
    accounts_.send_reset(visit.form.text("email"), visit.visitor());
    return go(visit, with_email("/password/reset", visit));
}

http::Response Site::reset_password(Visit& visit) {
    accounts_.reset_password(visit.form.text("email"), visit.form.text("code"), visit.secret("password"),
                             visit.visitor());
    return page("password_done", visit, Values::object());
}

Site::Values Site::show_password(Visit& visit) {
    return {{"has_password", accounts_.profile(visit.session->user).has_password}};
}

http::Response Site::change_password(Visit& visit) {
    accounts_.change_password(*visit.session, visit.secret("current_password"), visit.secret("password"));
    return page("password_done", visit, {{"signed_in", true}});
}

Site::Values Site::show_account(Visit& visit) {
    const auto profile = accounts_.profile(visit.session->user);
    return {{"email", profile.email},
            {"name", profile.name},
            {"id", profile.id.text()},
            {"has_password", profile.has_password},
            {"has_two_factor", profile.has_two_factor},
            {"recovery_codes", std::to_string(profile.recovery_codes)},
            {"identities", profile.identities}};
}

http::Response Site::update_account(Visit& visit) {
    accounts_.rename(visit.session->user, visit.form.text("name"));
    auto values = show_account(visit);
    values["saved"] = true;
    return page("account", visit, std::move(values));
}

Site::Values Site::show_two_factor(Visit& visit) {
    const auto profile = accounts_.profile(visit.session->user);
    Values values{{"enabled", profile.has_two_factor},
                  {"has_password", profile.has_password},
                  {"recovery_codes", std::to_string(profile.recovery_codes)}};
    if (const auto enrolment = accounts_.find_enrolment(*visit.session)) {
        const auto code = qr_code_of(enrolment->uri);
        values["enrolment"] = {{"secret", enrolment->secret},
                               {"uri", enrolment->uri},
                               {"size", std::to_string(code.size)},
                               {"path", code.path}};
    }
    return values;
}

http::Response Site::begin_two_factor(Visit& visit) {
    accounts_.confirm(*visit.session, visit.secret("password"));
    accounts_.begin_two_factor(*visit.session);
    return go(visit, "/two-factor");
}

http::Response Site::confirm_two_factor(Visit& visit) {
    const auto codes = accounts_.confirm_two_factor(*visit.session, visit.form.text("code"));
    return page("recovery_codes", visit, {{"codes", codes}});
}

http::Response Site::disable_two_factor(Visit& visit) {
    accounts_.confirm(*visit.session, visit.secret("password"));
    accounts_.check_second_factor(visit.session->user, visit.form.text("code"));
    accounts_.disable_two_factor(*visit.session);
    return go(visit, "/two-factor");
}

}  // namespace account_pages
