#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "account/identity.hpp"
#include "account/pending_login.hpp"
#include "account/session.hpp"
#include "base/secret.hpp"
#include "crypto/sealed_token.hpp"
#include "db/database.hpp"

namespace account {

/// From where a request comes: what attempts are counted under.
struct Visitor {
    std::string address;         ///< the peer's
    std::string browser_sha256;  ///< FormGuard::browser_sha256(), raw; of a program what it is known by, if
                                 ///< anything
};

struct Registration {
    std::string email;
    std::string name;
    base::Secret password;
};

/// What an authenticator app is given.
struct Enrolment {
    std::string secret;  ///< base32, to be typed
    std::string uri;     ///< otpauth://, for a QR code
};

struct Profile {
    auth::UserId id;
    std::string email;
    std::string name;
    bool has_password = false;
    bool has_two_factor = false;
    int recovery_codes = 0;               ///< how many are left
    std::vector<std::string> identities;  ///< issuers of linked sign-in providers
    base::Clock::time_point created_at;
};

/// Every use case of accounts, the same for pages and REST. Safe from any thread.
///
/// Whether a mail address is known shows in no answer and in no time: codes are made and mails decided upon
/// by whoever sends them. All throw base::Error; besides what is listed at each, rate_limited
/// "too_many_attempts" (TooManyAttempts) and unavailable "too_many_logins".
class Accounts {
public:
    /// `key_file`: seals second factors (base::Config::keys.account).
    Accounts(db::Database& database, const std::filesystem::path& key_file);

    /// Takes a registration and sends a code. Registering anew before activation replaces password and name,
    /// so that nobody can lay a password ready for an address that is not theirs.
    /// invalid_input "email_invalid", "name_invalid", and as require_good_password.
    void enrol(const Registration& registration, const Visitor& visitor);
    void send_activation(const std::string& email, const Visitor& visitor);
    /// The code shows that the address is theirs, the password that the registration is.
    /// It is no way past a second factor that was turned on meanwhile. unauthenticated "code_wrong",
    /// "login_failed".
    FirstFactor activate(const std::string& email, const std::string& code, const base::Secret& password,
                         const Visitor& visitor);

    /// unauthenticated "login_failed"; forbidden "account_not_activated" (the password was right).
    FirstFactor check_password(const std::string& email, const base::Secret& password,
                               const Visitor& visitor);
    /// A code of the authenticator app, or a recovery code; each is taken once. unauthenticated "code_wrong".
    void check_second_factor(const auth::UserId& user, const std::string& code);
    bool has_second_factor(const auth::UserId& user);

    /// Whom a sign-in provider vouches for: the user linked to the identity, else the user of the confirmed
    /// mail address, linked from now on, else a new user. forbidden "email_not_verified", "account_disabled".
    FirstFactor enter(Identity identity);

    /// The user came by this browser or network: guessing elsewhere does not slow it down from now on.
    void remember_visitor(const auth::UserId& user, const Visitor& visitor);

    /// Begins a login session. Returns the Set-Cookie value. unauthenticated "login_failed".
    std::string sign_in(const FirstFactor& first, const std::vector<std::string>& methods,
                        const http::Request& request, const Visitor& visitor);
    /// Ends half a login and begins the session that it was for; nothing when it has ended since. Returns the
    /// Set-Cookie values.
    std::vector<std::string> finish_login(const PendingLogin& pending, const http::Request& request,
                                          const Visitor& visitor);

    void send_reset(const std::string& email, const Visitor& visitor);
    /// Ends every session and every grant: whoever was in the account may have let clients in.
    /// unauthenticated "code_wrong", and as require_good_password.
    void reset_password(const std::string& email, const std::string& code, const base::Secret& password,
                        const Visitor& visitor);
    /// Ends every other session; grants stay. unauthenticated "password_wrong", and as require_good_password.
    void change_password(const LoginSession& session, const base::Secret& current,
                         const base::Secret& password);
    /// Before something that someone at an unlocked screen must not do: the password, or, where there is
    /// none, a login of the last ten minutes. unauthenticated "password_wrong"; forbidden "login_too_old".
    void confirm(const LoginSession& session, const base::Secret& password);

    /// Begins an enrolment, or begins it anew. conflict "two_factor_enabled".
    Enrolment begin_two_factor(const LoginSession& session);
    /// The enrolment that waits for its first code, if any.
    std::optional<Enrolment> find_enrolment(const LoginSession& session);
    /// Enables it and returns ten recovery codes, shown once. unauthenticated "code_wrong"; conflict
    /// "two_factor_not_begun".
    std::vector<std::string> confirm_two_factor(const LoginSession& session, const std::string& code);
    void disable_two_factor(const LoginSession& session);

    /// Sends a code to the address that is to be theirs. Nothing tells whether it is somebody else's: the
    /// mail alone does. invalid_input "email_invalid"; as confirm.
    void begin_address_change(const LoginSession& session, const base::Secret& password,
                              const std::string& email, const Visitor& visitor);
    /// The code shows that the address is theirs; the former one is told. unauthenticated "code_wrong";
    /// conflict "address_taken".
    void change_address(const LoginSession& session, const std::string& code);

    /// Forgets the links to a sign-in provider, as long as there is another way to sign in. not_found
    /// "identity_not_found"; conflict "last_way_in"; as confirm.
    void unlink_identity(const LoginSession& session, const base::Secret& password,
                         const std::string& issuer);

    Profile profile(const auth::UserId& user);
    /// invalid_input "name_invalid".
    void rename(const auth::UserId& user, const std::string& name);

private:
    struct Factor {
        std::string secret;
        bool is_confirmed = false;
    };

    void remember_visitor(db::Session& session, const auth::UserId& user, const Visitor& visitor);
    void queue_mail(db::Session& session, const char* kind, const std::string& email);
    void request_mail(const char* kind, const std::string& email, const Visitor& visitor);
    std::optional<auth::UserId> try_code(const char* purpose, const std::string& email,
                                         const std::string& code, const Visitor& visitor);
    bool spend_code(db::Session& session, const auth::UserId& user, const char* purpose,
                    const std::string& code);
    std::optional<std::string> password_hash_of(const auth::UserId& user);
    std::optional<Factor> find_factor(const auth::UserId& user);
    bool spend_step(const auth::UserId& user, std::int64_t step);
    bool spend_recovery_code(const auth::UserId& user, const std::string& code);
    Enrolment enrolment_of(const std::string& secret, const std::string& email) const;

    db::Database& database_;
    crypto::TokenSealer sealer_;
};

}  // namespace account
