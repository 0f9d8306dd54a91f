#include <map>

#include "account_messages/messages.hpp"
#include "account_rest/call.hpp"
#include "base/error.hpp"

namespace account_rest {
namespace {

using nlohmann::json;
namespace messages = account_messages;

base::Secret secret_of(std::string text) { return base::Secret::take(text); }
base::Secret secret_of(const std::optional<std::string>& text) { return base::Secret{text.value_or("")}; }

json status(const char* text) { return schema::encode(messages::Status{.status = text}); }

}  // namespace

Api::Run Api::run_of(const std::string& name) {
    static const std::map<std::string, Run> functions{
        {"register", &Api::enrol},
        {"send_activation_code", &Api::send_activation},
        {"activate", &Api::activate},
        {"login", &Api::log_in},
        {"create_user_token", &Api::create_token},
        {"logout", &Api::log_out},
        {"send_reset_code", &Api::send_reset},
        {"reset_password", &Api::reset_password},
        {"change_password", &Api::change_password},
        {"begin_two_factor", &Api::begin_two_factor},
        {"confirm_two_factor", &Api::confirm_two_factor},
        {"disable_two_factor", &Api::disable_two_factor},
        {"view_user", &Api::view_user},
        {"update_user", &Api::update_user},
        {"begin_address_change", &Api::begin_address_change},
        {"change_address", &Api::change_address},
        {"unlink_identity", &Api::unlink_identity},
        {"list_own_grants", &Api::list_grants},
        {"revoke_own_grant", &Api::revoke_grant},
    };
    const auto found = functions.find(name);
    return found == functions.end() ? nullptr : found->second;
}

json Api::user_of(const auth::UserId& id) {
    const auto profile = accounts_.profile(id);
    return schema::encode(messages::User{.id = profile.id.text(),
                                         .email = profile.email,
                                         .name = profile.name,
                                         .has_password = profile.has_password,
                                         .two_factor = profile.has_two_factor,
                                         .recovery_codes = profile.recovery_codes,
                                         .identities = profile.identities,
                                         .created_at = base::rfc3339_of(profile.created_at)});
}

json Api::token_for(const account::FirstFactor& first, const std::optional<std::string>& code) {
    std::vector<std::string> methods{"pwd"};
    if (first.wants_second) {
        if (!code) {
            throw base::Error{base::Reason::unauthenticated, "two_factor_required",
                              "two-factor sign-in is on: send code as well"};
        }
        accounts_.check_second_factor(first.user, *code);
        methods.insert(methods.end(), {"otp", "mfa"});
    }
    const auto token = tokens_.issue(first, methods);
    json result{
        {"token", token.text}, {"token_type", "Bearer"}, {"expires_at", base::rfc3339_of(token.expires_at)}};
    result["user"] = user_of(first.user);
    return result;
}

json Api::enrol(const Call& call) {
    const auto input = call.input<messages::Registration>();
    accounts_.enrol(
        {.email = input.email, .name = input.name.value_or(""), .password = secret_of(input.password)},
        call.visitor());
    return status("code_sent");
}

json Api::send_activation(const Call& call) {
    accounts_.send_activation(call.input<messages::EmailAddress>().email, call.visitor());
    return status("code_sent");
}

json Api::activate(const Call& call) {
    const auto input = call.input<messages::Activation>();
    return token_for(accounts_.activate(input.email, input.code, secret_of(input.password), call.visitor()),
                     std::nullopt);
}

json Api::log_in(const Call& call) {
    const auto input = call.input<messages::Login>();
    return token_for(accounts_.check_password(input.email, secret_of(input.password), call.visitor()),
                     input.code);
}

json Api::create_token(const Call& call) {
    const auto credentials = basic_credentials_of(call.request);
    return token_for(accounts_.check_password(credentials.email, credentials.password, call.visitor()),
                     call.input<messages::SecondFactorCode>().code);
}

json Api::log_out(const Call& call) {
    tokens_.end(call.session->id);
    return status("signed_out");
}

json Api::send_reset(const Call& call) {
    accounts_.send_reset(call.input<messages::EmailAddress>().email, call.visitor());
    return status("code_sent");
}

json Api::reset_password(const Call& call) {
    const auto input = call.input<messages::NewPassword>();
    accounts_.reset_password(input.email, input.code, secret_of(input.password), call.visitor());
    return status("password_set");
}

json Api::change_password(const Call& call) {
    const auto input = call.input<messages::PasswordChange>();
    accounts_.change_password(*call.session, secret_of(input.current_password), secret_of(input.password));
    return status("password_set");
}

json Api::begin_two_factor(const Call& call) {
    accounts_.confirm(*call.session, secret_of(call.input<messages::Confirmation>().password));
    const auto enrolment = accounts_.begin_two_factor(*call.session);
    return schema::encode(messages::Enrolment{.secret = enrolment.secret, .uri = enrolment.uri});
}

json Api::confirm_two_factor(const Call& call) {
    const auto codes =
        accounts_.confirm_two_factor(*call.session, call.input<messages::TwoFactorCode>().code);
    return schema::encode(messages::RecoveryCodes{.recovery_codes = codes});
}

json Api::disable_two_factor(const Call& call) {
    const auto input = call.input<messages::TwoFactorEnd>();
    accounts_.confirm(*call.session, secret_of(input.password));
    accounts_.check_second_factor(call.session->user, input.code);
    accounts_.disable_two_factor(*call.session);
    return status("two_factor_off");
}

json Api::begin_address_change(const Call& call) {
    const auto input = call.input<messages::AddressChange>();
    accounts_.begin_address_change(*call.session, secret_of(input.password), input.email, call.visitor());
    return status("code_sent");
}

json Api::change_address(const Call& call) {
    accounts_.change_address(*call.session, call.input<messages::MailedCode>().code);
    return user_of(call.session->user);
}

json Api::unlink_identity(const Call& call) {
    const auto input = call.input<messages::IdentityEnd>();
    accounts_.unlink_identity(*call.session, secret_of(input.password), input.issuer);
    return user_of(call.session->user);
}

json Api::view_user(const Call& call) { return user_of(call.session->user); }

json Api::update_user(const Call& call) {
    accounts_.rename(call.session->user, call.input<messages::Update>().name);
    return user_of(call.session->user);
}

}  // namespace account_rest
