#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schema/field.hpp"

namespace account_messages {

/// What goes over the wire at /api/v1/auth/...; lengths are bounds against abuse, the rules are account's.

struct Registration {
    std::string email;
    std::string password;
    std::optional<std::string> name;

    static constexpr auto fields = std::tuple{
        schema::field("email", &Registration::email, "The mail address; a code is sent to it.", {3, 254}),
        schema::field("password", &Registration::password,
                      "At least 8 characters, and not easy to guess (NIST SP 800-63B).", {1, 256}),
        schema::field("name", &Registration::name, "How to address the person.", {0, 100}),
    };
};

struct Activation {
    std::string email;
    std::string code;
    std::string password;

    static constexpr auto fields = std::tuple{
        schema::field("email", &Activation::email, "The mail address.", {3, 254}),
        schema::field("code", &Activation::code, "The code from the mail.", {1, 64}),
        schema::field("password", &Activation::password, "The password of the registration.", {1, 256}),
    };
};

struct EmailAddress {
    std::string email;

    static constexpr auto fields =
        std::tuple{schema::field("email", &EmailAddress::email, "The mail address.", {3, 254})};
};

struct Login {
    std::string email;
    std::string password;
    std::optional<std::string> code;

    static constexpr auto fields = std::tuple{
        schema::field("email", &Login::email, "The mail address.", {3, 254}),
        schema::field("password", &Login::password, "The password.", {1, 256}),
        schema::field("code", &Login::code,
                      "With two-factor sign-in: a code of the authenticator app, or a recovery code.",
                      {1, 64}),
    };
};

struct SecondFactorCode {
    std::optional<std::string> code;

    static constexpr auto fields = std::tuple{
        schema::field("code", &SecondFactorCode::code, "With two-factor sign-in: its code.", {1, 64})};
};

struct NewPassword {
    std::string email;
    std::string code;
    std::string password;

    static constexpr auto fields = std::tuple{
        schema::field("email", &NewPassword::email, "The mail address.", {3, 254}),
        schema::field("code", &NewPassword::code, "The code from the mail.", {1, 64}),
        schema::field("password", &NewPassword::password, "The new password.", {1, 256}),
    };
};

struct PasswordChange {
    std::optional<std::string> current_password;
    std::string password;

    static constexpr auto fields = std::tuple{
        schema::field("current_password", &PasswordChange::current_password,
                      "The present password, when there is one.", {1, 256}),
        schema::field("password", &PasswordChange::password, "The new password.", {1, 256}),
    };
};

struct Confirmation {
    std::optional<std::string> password;

    static constexpr auto fields = std::tuple{
        schema::field("password", &Confirmation::password, "The password, when there is one.", {1, 256})};
};

struct TwoFactorCode {
    std::string code;

    static constexpr auto fields = std::tuple{
        schema::field("code", &TwoFactorCode::code, "The six digits that the app shows.", {1, 64})};
};

struct TwoFactorEnd {
    std::optional<std::string> password;
    std::string code;

    static constexpr auto fields = std::tuple{
        schema::field("password", &TwoFactorEnd::password, "The password, when there is one.", {1, 256}),
        schema::field("code", &TwoFactorEnd::code, "A code of the app, or a recovery code.", {1, 64}),
    };
};

struct Update {
    std::string name;

    static constexpr auto fields =
        std::tuple{schema::field("name", &Update::name, "How to address the person.", {0, 100})};
};

struct AddressChange {
    std::string email;
    std::optional<std::string> password;

    static constexpr auto fields = std::tuple{
        schema::field("email", &AddressChange::email, "The new mail address; a code is sent to it.",
                      {3, 254}),
        schema::field("password", &AddressChange::password, "The password, when there is one.", {1, 256}),
    };
};

struct MailedCode {
    std::string code;

    static constexpr auto fields =
        std::tuple{schema::field("code", &MailedCode::code, "The code from the mail.", {1, 64})};
};

struct IdentityEnd {
    std::string issuer;
    std::optional<std::string> password;

    static constexpr auto fields = std::tuple{
        schema::field("issuer", &IdentityEnd::issuer, "The provider's issuer, as in identities.", {1, 2048}),
        schema::field("password", &IdentityEnd::password, "The password, when there is one.", {1, 256}),
    };
};

struct Grant {
    std::string id;
    std::string workspace;
    std::string client_id;
    std::string client_name;
    std::vector<std::string> scopes;
    std::string resource;
    std::string created_at;
    std::string expires_at;

    static constexpr auto fields = std::tuple{
        schema::field("id", &Grant::id, "The grant's id."),
        schema::field("workspace", &Grant::workspace, "The workspace's slug."),
        schema::field("client_id", &Grant::client_id, "Who was let in."),
        schema::field("client_name", &Grant::client_name, "The name it gave itself."),
        schema::field("scopes", &Grant::scopes, "What it may do."),
        schema::field("resource", &Grant::resource, "The MCP endpoint it may use."),
        schema::field("created_at", &Grant::created_at, "RFC 3339."),
        schema::field("expires_at", &Grant::expires_at, "RFC 3339; then it must ask anew."),
    };
};

struct Grants {
    std::vector<Grant> grants;

    static constexpr auto fields = std::tuple{schema::field("grants", &Grants::grants, "Newest first.")};
};

struct GrantEnd {
    std::string grant_id;

    static constexpr auto fields =
        std::tuple{schema::field("grant_id", &GrantEnd::grant_id, "The grant's id.", {1, 64})};
};

struct Nothing {
    static constexpr auto fields = std::tuple{};
};

struct Status {
    std::string status;

    static constexpr auto fields = std::tuple{
        schema::field("status", &Status::status, "What was done; the same whether the address is known.")};
};

struct User {
    std::string id;
    std::string email;
    std::string name;
    bool has_password = false;
    bool two_factor = false;
    int recovery_codes = 0;
    std::vector<std::string> identities;
    std::string created_at;

    static constexpr auto fields = std::tuple{
        schema::field("id", &User::id, "Public id, usr_..."),
        schema::field("email", &User::email, "The mail address."),
        schema::field("name", &User::name, "How to address the person."),
        schema::field("has_password", &User::has_password, "False for who only uses a sign-in provider."),
        schema::field("two_factor", &User::two_factor, "Whether two-factor sign-in is on."),
        schema::field("recovery_codes", &User::recovery_codes, "How many recovery codes are left."),
        schema::field("identities", &User::identities, "Issuers of the linked sign-in providers."),
        schema::field("created_at", &User::created_at, "RFC 3339."),
    };
};

struct Token {
    std::string token;
    std::string token_type;
    std::string expires_at;
    User user;

    static constexpr auto fields = std::tuple{
        schema::field("token", &Token::token, "The user token, a JWT; send it as Authorization: Bearer."),
        schema::field("token_type", &Token::token_type, "Bearer."),
        schema::field("expires_at", &Token::expires_at, "RFC 3339; 24 hours from now."),
        schema::field("user", &Token::user, "Whose token it is."),
    };
};

struct Enrolment {
    std::string secret;
    std::string uri;

    static constexpr auto fields = std::tuple{
        schema::field("secret", &Enrolment::secret, "The shared secret in base32, to be typed."),
        schema::field("uri", &Enrolment::uri, "otpauth://..., to be shown as a QR code."),
    };
};

struct RecoveryCodes {
    std::vector<std::string> recovery_codes;

    static constexpr auto fields = std::tuple{schema::field("recovery_codes", &RecoveryCodes::recovery_codes,
                                                            "Each good once; shown now and never again.")};
};

}  // namespace account_messages
