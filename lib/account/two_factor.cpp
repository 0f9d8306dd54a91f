#include "account/accounts.hpp"
#include "account/limits.hpp"
#include "account/totp.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace account {
namespace {

constexpr int recovery_codes = 10;

const base::Error& wrong_code() {
    static const base::Error error{base::Reason::unauthenticated, "code_wrong",
                                   "the code is wrong or was used already"};
    return error;
}

std::string plain_code(const std::string& code) {
    std::string plain;
    for (const char c : code) {
        if (c == '-' || c == ' ') continue;
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return plain;
}

/// 80 random bits as xxxxx-xxxxx-xxxxx-xxxxx.
std::string create_recovery_code() {
    auto text = crypto::hex_of(crypto::random_bytes(10));
    for (std::size_t at = 15; at > 0; at -= 5) text.insert(at, 1, '-');
    return text;
}

}  // namespace

Enrolment Accounts::enrolment_of(const std::string& secret, const std::string& email) const {
    return {.secret = base32_of_secret(secret), .uri = totp_uri(secret, email)};
}

std::optional<Accounts::Factor> Accounts::find_factor(const auth::UserId& user) {
    static constexpr db::Statement select{
        "account.find_factor",
        "SELECT sealed, confirmed_at IS NOT NULL FROM account.two_factor WHERE user_id = $1"};
    const auto result = db::Autocommit{database_, {}}.query(select, user);
    if (result.empty()) return std::nullopt;
    auto secret = sealer_.open(result.front().text(0), user.text());
    if (!secret)
        throw base::Error{base::Reason::internal, "two_factor_unusable",
                          "the second factor cannot be checked",
                          "the sealed secret does not open: is keys.account another file than before?"};
    return Factor{.secret = *std::move(secret), .is_confirmed = result.front().boolean(1)};
}

bool Accounts::has_second_factor(const auth::UserId& user) {
    const auto factor = find_factor(user);
    return factor && factor->is_confirmed;
}

bool Accounts::spend_step(const auth::UserId& user, std::int64_t step) {
    static constexpr db::Statement update{
        "account.spend_step",
        "UPDATE account.two_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2"};
    return db::Autocommit{database_, {}}.query(update, user, step).affected() == 1;
}

bool Accounts::spend_recovery_code(const auth::UserId& user, const std::string& code) {
    static constexpr db::Statement remove{
        "account.spend_recovery_code",
        "DELETE FROM account.recovery_code WHERE user_id = $1 AND sha256 = $2"};
    return db::Autocommit{database_, {}}
               .query(remove, user, db::Bytes{crypto::sha256(plain_code(code))})
               .affected() == 1;
}

void Accounts::check_second_factor(const auth::UserId& user, const std::string& code) {
    db::Autocommit session{database_, {}};
    const auto bucket = factor_bucket(user);
    require_attempt(session, bucket);
    const auto factor = find_factor(user);
    if (!factor || !factor->is_confirmed) throw wrong_code();
    const auto step = totp_step_of(factor->secret, plain_code(code), base::Clock::now());
    if (step ? !spend_step(user, *step) : !spend_recovery_code(user, code)) throw wrong_code();
    forgive(session, bucket);
}

Enrolment Accounts::begin_two_factor(const LoginSession& session) {
    static constexpr db::Statement insert{"account.begin_two_factor", R"sql(
        INSERT INTO account.two_factor AS f (user_id, sealed) VALUES ($1, $2)
        ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, created_at = now(), last_step = 0
         WHERE f.confirmed_at IS NULL
    )sql"};
    const auto secret = create_totp_secret();
    const auto result =
        db::Autocommit{database_, {}}.query(insert, session.user, sealer_.seal(secret, session.user.text()));
    if (result.affected() == 0)
        throw base::Error{base::Reason::conflict, "two_factor_enabled", "two-factor sign-in is on already"};
    return enrolment_of(secret, session.email);
}

std::optional<Enrolment> Accounts::find_enrolment(const LoginSession& session) {
    const auto factor = find_factor(session.user);
    if (!factor || factor->is_confirmed) return std::nullopt;
    return enrolment_of(factor->secret, session.email);
}

std::vector<std::string> Accounts::confirm_two_factor(const LoginSession& session, const std::string& code) {
    static constexpr db::Statement confirm{"account.confirm_two_factor", R"sql(
        UPDATE account.two_factor SET confirmed_at = now(), last_step = $2
         WHERE user_id = $1 AND confirmed_at IS NULL
    )sql"};
    static constexpr db::Statement clear{"account.clear_recovery_codes",
                                         "DELETE FROM account.recovery_code WHERE user_id = $1"};
    static constexpr db::Statement insert{
        "account.add_recovery_code", "INSERT INTO account.recovery_code (user_id, sha256) VALUES ($1, $2)"};
    {
        db::Autocommit counted{database_, {}};
        require_attempt(counted, factor_bucket(session.user));
    }
    const auto factor = find_factor(session.user);
    if (!factor || factor->is_confirmed)
        throw base::Error{base::Reason::conflict, "two_factor_not_begun", "no enrolment waits for a code"};
    const auto step = totp_step_of(factor->secret, plain_code(code), base::Clock::now());
    if (!step) throw wrong_code();

    db::Transaction transaction{database_, {}};
    if (transaction.query(confirm, session.user, *step).affected() == 0) throw wrong_code();
    transaction.query(clear, session.user);
    std::vector<std::string> codes;
    for (int i = 0; i < recovery_codes; ++i) {
        codes.push_back(create_recovery_code());
        transaction.query(insert, session.user, db::Bytes{crypto::sha256(plain_code(codes.back()))});
    }
    end_sessions(transaction, session.user, session.id);
    queue_mail(transaction, "two_factor_enabled", session.email);
    transaction.commit();
    return codes;
}

void Accounts::disable_two_factor(const LoginSession& session) {
    static constexpr db::Statement remove{"account.disable_two_factor",
                                          "DELETE FROM account.two_factor WHERE user_id = $1"};
    static constexpr db::Statement clear{"account.disable_recovery_codes",
                                         "DELETE FROM account.recovery_code WHERE user_id = $1"};
    db::Transaction transaction{database_, {}};
    transaction.query(clear, session.user);
    if (transaction.query(remove, session.user).affected() == 1)
        queue_mail(transaction, "two_factor_disabled", session.email);
    transaction.commit();
}

}  // namespace account
