#include "vault_grant/connecting.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/sealed_token.hpp"
#include "schema/schema.hpp"
#include "vault_grant/request.hpp"
#include "vault_grant/store.hpp"

namespace vault_grant {
namespace {

using base::Error;
using base::Reason;
using vault::ConnectionAttempt;

constexpr std::chrono::seconds exchange_time{15};

/// What the state carries. The ticket inside names the attempt and ends with it.
struct State {
    std::string ticket;
    std::string verifier;
    std::string browser_sha256;

    static constexpr auto fields = std::tuple{
        schema::field("ticket", &State::ticket, "The attempt's."),
        schema::field("verifier", &State::verifier, "PKCE."),
        schema::field("browser_sha256", &State::browser_sha256, "Digest of the cookie."),
    };
};

[[noreturn]] void refuse() {
    throw Error{Reason::invalid_input, "connection_invalid",
                "this answer does not belong to a connection that this browser began: begin anew"};
}

State state_of(const crypto::TokenSealer& states, const Arrival& arrival) {
    const auto plain = states.open(arrival.state, "");
    if (!plain) refuse();
    auto state = schema::decode<State>(schema::parse(*plain));
    if (!crypto::equal_in_constant_time(state.browser_sha256, crypto::sha256_hex(arrival.cookie))) refuse();
    return state;
}

void check_answer(const Holder& holder, const Arrival& arrival) {
    const auto expected = holder.filled(holder.method->grant->issuer);
    if (!expected.empty() && !arrival.issuer.empty() && arrival.issuer != expected) refuse();
    if (!arrival.error.empty() || arrival.code.empty()) {
        throw Error{Reason::forbidden, "connection_denied",
                    "the provider did not allow it: nothing was connected"};
    }
}

}  // namespace

Connecting::Connecting(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                       const vault::ConnectorCatalog& connectors, http_client::Client& client,
                       const std::filesystem::path& key_file, std::string public_url)
    : database_{database},
      key_encryption_{key_encryption},
      connectors_{connectors},
      client_{client},
      tickets_{std::make_unique<crypto::TokenSealer>(key_file, vault::connection_ticket_purpose)},
      states_{std::make_unique<crypto::TokenSealer>(key_file, "connection state")},
      public_url_{std::move(public_url)} {}

Connecting::~Connecting() = default;

vault::ConnectionStart Connecting::start(ConnectionAttempt attempt, const base::Uuid& created_by) {
    db::Autocommit session{database_, db::Scope{attempt.workspace.uuid()}};
    return vault::start_connection(session, *tickets_, public_url_, std::move(attempt), created_by);
}

Holder Connecting::holder_of(const ConnectionAttempt& attempt) {
    auto holder = find_holder(database_, connectors_, attempt.workspace, attempt.service);
    if (!holder) throw Error{Reason::not_found, "service_not_found", "this service is gone"};
    vault::require_connectable(*holder->method);
    return *std::move(holder);
}

ConnectionView Connecting::look_at(const std::string& ticket) {
    const auto attempt = vault::read_ticket(*tickets_, ticket);
    const auto holder = holder_of(attempt);
    const auto target = http_syntax::parse_url(holder.filled_url(*holder.method->grant->authorize_url));
    return {holder.service.name, connectors_.require(holder.service.connector).title, attempt.workspace_slug,
            target.host};
}

Departure Connecting::depart(const std::string& ticket) {
    const auto holder = holder_of(vault::read_ticket(*tickets_, ticket));
    const auto browser = crypto::base64url_of(crypto::random_bytes(32));
    const auto verifier = crypto::random_base62(64);
    const State state{.ticket = ticket,
                      .verifier = std::string{verifier.reveal()},
                      .browser_sha256 = crypto::sha256_hex(browser)};
    const Authorization authorization{.redirect_uri = redirect_uri(),
                                      .state = states_->seal(schema::dump(schema::encode(state)), ""),
                                      .verifier = base::Secret{verifier.reveal()}};
    return {authorization_url(holder, authorization), browser};
}

std::string Connecting::arrive(const Arrival& arrival) {
    auto state = state_of(*states_, arrival);
    const auto attempt = vault::read_ticket(*tickets_, state.ticket);
    const auto holder = holder_of(attempt);
    take(attempt);
    try {
        check_answer(holder, arrival);
        exchange(holder, arrival.code, base::Secret::take(state.verifier));
    } catch (const Error& error) {
        end(attempt, error.code());
        throw;
    }
    end(attempt, "connected");
    return holder.service.name;
}

/// Whatever comes of it, an attempt is made once.
void Connecting::take(const ConnectionAttempt& attempt) {
    static constexpr db::Statement use{"vault_grant.use_connection", R"sql(
        UPDATE vault.connection SET ended_at = now()
         WHERE workspace_id = $1 AND id = $2 AND service_id = $3 AND ended_at IS NULL AND expires_at > now()
    )sql"};
    db::Autocommit session{database_, db::Scope{attempt.workspace.uuid()}};
    if (session.query(use, attempt.workspace, attempt.id, attempt.service).affected() == 1) return;
    throw Error{Reason::forbidden, "connection_used", "this link was used before: ask for a new one"};
}

void Connecting::end(const ConnectionAttempt& attempt, const std::string& outcome) {
    static constexpr db::Statement note{"vault_grant.end_connection", R"sql(
        UPDATE vault.connection SET outcome = $3 WHERE workspace_id = $1 AND id = $2
    )sql"};
    db::Autocommit session{database_, db::Scope{attempt.workspace.uuid()}};
    session.query(note, attempt.workspace, attempt.id, outcome);
    base::log(base::Severity::info, "connection_ended",
              {{"service", attempt.service.text()}, {"outcome", outcome}});
}

void Connecting::exchange(const Holder& holder, const std::string& code, base::Secret verifier) {
    const Authorization authorization{
        .redirect_uri = redirect_uri(), .state = {}, .verifier = std::move(verifier)};
    http_client::Limits limits;
    limits.total = exchange_time;
    const auto response = client_.perform(
        exchange_request(holder, holder.open_secrets(key_encryption_), authorization, base::Secret{code}),
        limits);
    const auto answer = answer_of(response, *holder.method->grant, base::Clock::now());
    if (const auto* grantee = std::get_if<Grantee>(&answer)) return replace(database_, holder, *grantee);
    throw Error{Reason::forbidden, "connection_failed",
                "nothing was connected: " + std::get<Failure>(answer).reason};
}

}  // namespace vault_grant
