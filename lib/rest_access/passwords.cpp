#include "rest_access/passwords.hpp"

#include "account_messages/exchange.hpp"
#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "egress_client/connection.hpp"
#include "egress_client/refusal.hpp"
#include "rest_access/refusal.hpp"
#include "schema/schema.hpp"

namespace rest_access {
namespace {

constexpr std::chrono::seconds trust{300};
constexpr std::chrono::seconds patience{10};
constexpr std::size_t most_entries = 10'000;

account_messages::Exchange read_basic(std::string_view credentials, const std::string& address) {
    auto text = crypto::bytes_of_base64(credentials);
    const auto colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) {
        throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                          "the Basic credential is malformed"};
    }
    account_messages::Exchange request{
        .email = text->substr(0, colon), .password = text->substr(colon + 1), .address = address};
    base::wipe(*text);
    return request;
}

[[noreturn]] void refuse(const egress_client::Answer& answer) {
    if (answer.status == 429) {
        const auto throttled = schema::decode<account_messages::Throttled>(schema::parse(answer.body));
        throw Throttled{throttled.message, std::chrono::seconds{throttled.retry_after}};
    }
    throw egress_client::error_of(answer.body);
}

base::Secret exchange(const std::filesystem::path& socket, account_messages::Exchange request) {
    auto body = schema::dump(schema::encode(request));
    base::wipe(request.password);
    try {
        egress_client::Connection connection{socket};
        const auto answer = connection.post(account_messages::exchange_path, body,
                                            std::chrono::steady_clock::now() + patience, {});
        base::wipe(body);
        if (answer.status != 200) refuse(answer);
        auto token = schema::decode<account_messages::ExchangedToken>(schema::parse(answer.body)).token;
        return base::Secret::take(token);
    } catch (const base::Error& error) {
        if (!error.code().starts_with("egress_")) throw;  // the connection's words are about its usual end
        throw base::Error{base::Reason::unavailable, "login_unavailable",
                          "passwords cannot be checked just now; try again in a moment", error.code()};
    }
}

}  // namespace

Passwords::Passwords(std::filesystem::path internal_socket)
    : internal_socket_{std::move(internal_socket)}, key_{crypto::random_secret(32)} {}

std::string Passwords::digest_of(std::string_view credentials) const {
    return crypto::hmac_sha256(key_.reveal(), credentials);
}

std::optional<base::Secret> Passwords::find(const std::string& digest) const {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(digest);
    if (found == entries_.end() || found->second.until <= base::Clock::now()) return std::nullopt;
    return base::Secret{found->second.token.reveal()};
}

void Passwords::remember(const std::string& digest, const base::Secret& token) {
    const std::lock_guard lock{mutex_};
    if (entries_.size() >= most_entries) entries_.clear();
    entries_.insert_or_assign(digest, Entry{base::Secret{token.reveal()}, base::Clock::now() + trust});
}

void Passwords::forget(std::string_view credentials) {
    const auto digest = digest_of(credentials);
    const std::lock_guard lock{mutex_};
    entries_.erase(digest);
}

base::Secret Passwords::token_for(std::string_view credentials, const std::string& address) {
    const auto digest = digest_of(credentials);
    if (auto known = find(digest)) return *std::move(known);
    const std::lock_guard flight{flights_[std::hash<std::string>{}(digest) % flights_.size()]};
    if (auto known = find(digest)) return *std::move(known);
    auto token = exchange(internal_socket_, read_basic(credentials, address));
    remember(digest, token);
    return token;
}

}  // namespace rest_access
