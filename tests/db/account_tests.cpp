#define BOOST_TEST_MODULE account_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

#include "account/accounts.hpp"
#include "account/email_address.hpp"
#include "account/password_rules.hpp"
#include "account/throttle.hpp"
#include "account/totp.hpp"
#include "account/user_token.hpp"
#include "crypto/key_file.hpp"
#include "support/database.hpp"

namespace bdata = boost::unit_test::data;

namespace {

std::filesystem::path create_key() {
    const auto file = std::filesystem::temp_directory_path() / ("account_key_" + std::to_string(getpid()));
    std::filesystem::remove(file);
    crypto::create_key_file(file);
    return file;
}

struct World {
    test::Database database;
    std::filesystem::path key = create_key();
    db::Database account = database.as("gatehouse_account");
    db::Database worker = database.as("gatehouse_worker");
    db::Database egress = database.as("gatehouse_egress");
    account::Accounts accounts{account, key};
    account::UserTokens tokens{account, key, "https://gate.example.com"};
};
World& world() {
    static World instance;
    return instance;
}

constexpr const char* password = "seven purple anvils";
constexpr const char* other_password = "eleven quiet lanterns";
base::Secret secret(const char* text) { return base::Secret{text}; }

struct Person {
    account::Accounts& accounts = world().accounts;
    std::string email = base::base32_of(base::Uuid::create()) + "@example.com";
    account::Visitor visitor{.address = "2001:db8:" + email.substr(18, 4) + "::1", .browser_sha256 = {}};

    /// What the newest mail to the person says, as egress would be told.
    std::pair<std::string, std::string> take_mail() {
        static constexpr db::Statement due{"test.due", "SELECT account.due_mail(100)"};
        static constexpr db::Statement take{"test.take",
                                            "SELECT kind, recipient, code FROM account.take_mail($1)"};
        static constexpr db::Statement end{"test.end", "SELECT account.end_mail($1, true)"};
        std::pair<std::string, std::string> found;
        for (const auto row : db::Autocommit{world().worker, {}}.query(due)) {
            const auto mail = db::Autocommit{world().egress, {}}.query(take, row.uuid(0));
            if (!mail.empty() && mail.front().string(1) == email)
                found = {mail.front().string(0), mail.front().string(2)};
            db::Autocommit{world().egress, {}}.query(end, row.uuid(0));
        }
        return found;
    }

    void enrol(const char* chosen = password) {
        accounts.enrol({.email = email, .name = "Ada", .password = secret(chosen)}, visitor);
    }
    auth::UserId activate() {
        enrol();
        return accounts.activate(email, take_mail().second, secret(password), visitor).user;
    }
    account::LoginSession session_of(const auth::UserId& user) {
        return *world().tokens.find(world().tokens.issue({.user = user}, {"pwd"}).text);
    }
};

template <class Work>
std::string code_of(Work&& work) {
    try {
        work();
    } catch (const base::Error& error) {
        return error.code();
    }
    return "done";
}

std::string bytes_of_base32(const std::string& text) {
    std::string bytes;
    unsigned bits = 0, value = 0;
    for (const char c : text) {
        value = (value << 5) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits >= 8) bytes += static_cast<char>((value >> (bits -= 8)) & 0xff);
    }
    return bytes;
}

/// The code of a step near now, found by trying: what an authenticator app would show.
std::string app_code(const std::string& base32) {
    const auto bytes = bytes_of_base32(base32);
    for (int i = 0; i < 1000000; ++i) {
        auto text = std::to_string(i);
        text.insert(0, 6 - text.size(), '0');
        if (account::totp_step_of(bytes, text, base::Clock::now())) return text;
    }
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_DATA_TEST_CASE(refuse_what_is_no_mail_address,
                     bdata::make({"", "a", "@b", "a@", "a@b\r\nBcc: c@d", "a b@c", "a@b@c", "<a@b>", "a,b@c",
                                  "a@-b", ".a@b", "a..b@c", "a@b\n", "\"a\"@b"}),
                     text) {
    BOOST_TEST(!account::is_email_address(text));
}

BOOST_AUTO_TEST_CASE(take_usual_mail_addresses) {
    for (const char* text : {"a@b", "ada.lovelace+x@mail.example.com", "o'neil@example.co"})
        BOOST_TEST(account::is_email_address(text), text);
}

BOOST_AUTO_TEST_CASE(refuse_weak_passwords_and_no_composition) {
    const auto judged = [](const char* text) {
        return code_of(
            [&] { account::require_good_password(secret(text), "ada.lovelace@example.com", "Ada"); });
    };
    BOOST_TEST(judged("short7!") == "password_too_short");
    BOOST_TEST(judged("password123") == "password_too_common");
    BOOST_TEST(judged("P@ssw0rd") == "password_too_common");
    BOOST_TEST(judged("lovelace1") == "password_too_common");
    BOOST_TEST(judged("gatehouse2024") == "password_too_common");
    BOOST_TEST(judged("aaaaaaaaaaaaaaaa") == "password_too_common");
    BOOST_TEST(judged("seven purple anvils") == "done");
    BOOST_TEST(judged(std::string(257, 'x').c_str()) == "password_too_long");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(registration, Person)

BOOST_AUTO_TEST_CASE(is_activated_by_the_mailed_code_and_the_password) {
    enrol();
    BOOST_TEST(code_of([&] { accounts.check_password(email, secret(password), visitor); }) ==
               "account_not_activated");
    const auto mail = take_mail();
    BOOST_TEST(mail.first == "activate");
    BOOST_TEST(code_of([&] { accounts.activate(email, "000000000000", secret(password), visitor); }) ==
               "code_wrong");
    accounts.activate(email, mail.second, secret(password), visitor);
    BOOST_TEST(!accounts.check_password(email, secret(password), visitor).wants_second);
    BOOST_TEST(code_of([&] { accounts.activate(email, mail.second, secret(password), visitor); }) ==
               "code_wrong");
}

BOOST_AUTO_TEST_CASE(of_an_address_in_use_changes_nothing_and_says_nothing) {
    activate();
    BOOST_TEST(code_of([&] { enrol(other_password); }) == "done");
    BOOST_TEST(take_mail().first == "registered_already");
    accounts.check_password(email, secret(password), visitor);
}

BOOST_AUTO_TEST_CASE(cannot_lay_a_password_ready_for_someone_else) {
    enrol(other_password);
    const auto code = take_mail().second;
    BOOST_TEST(code_of([&] { accounts.activate(email, code, secret(password), visitor); }) == "login_failed");
}

BOOST_AUTO_TEST_CASE(ends_a_code_after_ten_wrong_guesses) {
    enrol();
    const auto code = take_mail().second;
    for (int i = 0; i < 10; ++i)
        code_of([&] { accounts.activate(email, "12345678ABCD", secret(password), visitor); });
    world().database.arrange("DELETE FROM account.throttle");
    BOOST_TEST(code_of([&] { accounts.activate(email, code, secret(password), visitor); }) == "code_wrong");
}

BOOST_AUTO_TEST_CASE(sends_only_so_many_codes) {
    for (int i = 0; i < 4; ++i) accounts.send_activation(email, visitor);
    BOOST_CHECK_THROW(accounts.send_activation(email, visitor), account::TooManyAttempts);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(login, Person)

BOOST_AUTO_TEST_CASE(C9_slows_guessing_down_ever_more) {
    activate();
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(code_of([&] { accounts.check_password(email, secret("wrong"), visitor); }) ==
                   "login_failed");
    BOOST_CHECK_THROW(accounts.check_password(email, secret(password), visitor), account::TooManyAttempts);
}

BOOST_AUTO_TEST_CASE(C9_counts_parallel_guesses) {
    activate();
    std::atomic<int> tried = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
        threads.emplace_back([&] {
            tried +=
                code_of([&] { accounts.check_password(email, secret("wrong"), visitor); }) == "login_failed";
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(tried <= 6);
}

BOOST_AUTO_TEST_CASE(C9_does_not_lock_out_a_browser_that_signed_in_before) {
    const auto user = activate();
    auto known = visitor;
    known.browser_sha256 = std::string(32, 'k');
    accounts.sign_in({.user = user}, {"pwd"}, {}, known);
    for (int i = 0; i < 8; ++i) code_of([&] { accounts.check_password(email, secret("wrong"), visitor); });
    BOOST_CHECK_NO_THROW(accounts.check_password(email, secret(password), known));
}

BOOST_AUTO_TEST_CASE(C9_treats_unknown_addresses_alike) {
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(code_of([&] { accounts.check_password("no" + email, secret("wrong"), visitor); }) ==
                   "login_failed");
    BOOST_CHECK_THROW(accounts.check_password("no" + email, secret("wrong"), visitor),
                      account::TooManyAttempts);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(passwords, Person)

BOOST_AUTO_TEST_CASE(are_reset_by_a_mailed_code_once_and_end_every_session) {
    const auto user = activate();
    const auto token = world().tokens.issue({.user = user}, {"pwd"}).text;
    accounts.send_reset(email, visitor);
    const auto mail = take_mail();
    BOOST_TEST(mail.first == "reset_password");
    accounts.reset_password(email, mail.second, secret(other_password), visitor);
    BOOST_TEST(!world().tokens.find(token));
    BOOST_TEST(take_mail().first == "password_changed");
    BOOST_TEST(code_of([&] { accounts.reset_password(email, mail.second, secret(password), visitor); }) ==
               "code_wrong");
    accounts.check_password(email, secret(other_password), visitor);
}

BOOST_AUTO_TEST_CASE(of_unknown_addresses_are_asked_for_alike_and_nobody_is_told) {
    BOOST_TEST(code_of([&] { accounts.send_reset(email, visitor); }) == "done");
    BOOST_TEST(take_mail().first.empty());
}

BOOST_AUTO_TEST_CASE(are_changed_with_the_present_one) {
    const auto user = activate();
    const auto kept = session_of(user), ended = session_of(user);
    BOOST_TEST(code_of([&] { accounts.change_password(kept, secret("wrong"), secret(other_password)); }) ==
               "password_wrong");
    accounts.change_password(kept, secret(password), secret(other_password));
    accounts.check_password(email, secret(other_password), visitor);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(second_factor, Person)

BOOST_AUTO_TEST_CASE(is_asked_for_and_taken_once) {
    const auto user = activate();
    const auto session = session_of(user);
    const auto secret_text = accounts.begin_two_factor(session).secret;
    BOOST_TEST(code_of([&] { accounts.confirm_two_factor(session, "12"); }) == "code_wrong");
    const auto code = app_code(secret_text);
    const auto recovery = accounts.confirm_two_factor(session, code);
    BOOST_TEST(recovery.size() == 10u);
    BOOST_TEST(accounts.check_password(email, secret(password), visitor).wants_second);
    BOOST_TEST(code_of([&] { accounts.check_second_factor(user, code); }) == "code_wrong");
    accounts.check_second_factor(user, recovery[0]);
    BOOST_TEST(code_of([&] { accounts.check_second_factor(user, recovery[0]); }) == "code_wrong");
    BOOST_TEST(accounts.profile(user).recovery_codes == 9);
    BOOST_TEST(code_of([&] { accounts.begin_two_factor(session); }) == "two_factor_enabled");
    accounts.disable_two_factor(session);
    BOOST_TEST(!accounts.check_password(email, secret(password), visitor).wants_second);
}

BOOST_AUTO_TEST_CASE(cannot_be_guessed) {
    const auto user = activate();
    for (int i = 0; i < 6; ++i) code_of([&] { accounts.check_second_factor(user, "000000"); });
    BOOST_CHECK_THROW(accounts.check_second_factor(user, "000000"), account::TooManyAttempts);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(identity, Person)

BOOST_AUTO_TEST_CASE(is_linked_on_a_confirmed_address_alone) {
    const auto user = activate();
    account::Identity said{.issuer = "https://idp.example", .subject = email, .email = email};
    BOOST_TEST(code_of([&] { accounts.enter(said); }) == "email_not_verified");
    said.is_email_verified = true;
    BOOST_TEST((accounts.enter(said).user == user));
    said.is_email_verified = false;
    BOOST_TEST((accounts.enter(said).user == user));
}

BOOST_AUTO_TEST_CASE(drops_a_password_that_was_laid_ready) {
    enrol(other_password);
    const auto first = accounts.enter({.issuer = "https://idp.example",
                                       .subject = email,
                                       .email = email,
                                       .is_email_verified = true,
                                       .name = "Ada"});
    BOOST_TEST(!accounts.profile(first.user).has_password);
    BOOST_TEST(code_of([&] { accounts.check_password(email, secret(other_password), visitor); }) ==
               "login_failed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(a_user_token_acts_until_it_is_ended, Person) {
    const auto user = activate();
    const auto token = world().tokens.issue({.user = user}, {"pwd"});
    const auto found = world().tokens.find(token.text);
    BOOST_REQUIRE(found);
    BOOST_TEST((found->user == user));
    BOOST_TEST(!world().tokens.find(token.text + "x"));
    world().tokens.end(found->id);
    BOOST_TEST(!world().tokens.find(token.text));
}

BOOST_AUTO_TEST_CASE(the_role_reads_no_mail_and_no_workspace) {
    static constexpr db::Statement mail{"test.mail", "SELECT recipient FROM account.mail"};
    static constexpr db::Statement code{"test.code", "SELECT * FROM account.take_mail(gen_random_uuid())"};
    db::Autocommit session{world().account, {}};
    BOOST_CHECK_EXCEPTION(session.query(mail), db::StatementError,
                          [](const auto& e) { return e.is_insufficient_privilege(); });
    BOOST_CHECK_EXCEPTION(session.query(code), db::StatementError,
                          [](const auto& e) { return e.is_insufficient_privilege(); });
}
