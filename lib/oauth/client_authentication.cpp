#include "oauth/client_authentication.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "http/uri.hpp"
#include "jose/jwt.hpp"
#include "oauth/error.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

constexpr std::chrono::seconds longest_trust{10};
constexpr std::size_t most_remembered = 10'000;
constexpr std::chrono::seconds longest_assertion{3600};
constexpr std::chrono::seconds assertion_skew{30};
constexpr std::size_t longest_client_id = 2048;
constexpr std::size_t longest_jti = 512;
constexpr std::string_view basic = "basic ";
constexpr std::string_view assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

base::Error unknown_client() {
    return refusal("invalid_client", "there is no such client; register it again");
}
base::Error wrong_proof() { return refusal("invalid_client", "the client's authentication failed"); }

struct Pair {
    std::string id;
    std::string secret;
};

// RFC 6749 section 2.3.1 form-encodes both halves; many clients do not. Ids and secrets made here are the
// same either way.
std::string decoded(std::string_view text) { return http::percent_decode(text).value_or(std::string{text}); }

Pair pair_of_basic(std::string_view field) {
    const auto pair = crypto::bytes_of_base64(field.substr(basic.size()));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) throw wrong_proof();
    return {decoded(std::string_view{*pair}.substr(0, colon)),
            decoded(std::string_view{*pair}.substr(colon + 1))};
}

// Basic and assertions carry any bytes.
bool may_be_client_id(std::string_view text) {
    return text.size() <= longest_client_id &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

void require_same(const std::string& named, const std::string& proved) {
    if (!named.empty() && named != proved)
        throw refusal("invalid_request", "the request names two different clients");
}

bool is_secret_of(const Client& client, const std::string& secret) {
    return !client.secret_sha256.empty() &&
           crypto::equal_in_constant_time(crypto::sha256(secret), client.secret_sha256);
}

}  // namespace

bool used_basic(const http::Request& request) noexcept {
    const auto field = request.field("authorization");
    return field.size() >= basic.size() &&
           std::equal(basic.begin(), basic.end(), field.begin(), [](char expected, char given) {
               return expected == (given >= 'A' && given <= 'Z' ? static_cast<char>(given + 32) : given);
           });
}

struct ClientAuthentication::Presented {
    std::string client_id;
    AuthMethod method = AuthMethod::none;
    std::string proof;
};

ClientAuthentication::ClientAuthentication(db::Database& database, std::vector<std::string> audiences)
    : database_{database},
      audiences_{std::move(audiences)},
      clients_{database, {"gatehouse_credential"}, longest_trust, most_remembered} {}

ClientAuthentication::Presented ClientAuthentication::presented_in(const http::Request& request,
                                                                   const Parameters& parameters) {
    const auto& named = parameters.text("client_id");
    const bool has_assertion = parameters.has("client_assertion") || parameters.has("client_assertion_type");
    const int methods = int{used_basic(request)} + int{parameters.has("client_secret")} + int{has_assertion};
    if (methods > 1) throw refusal("invalid_request", "the request authenticates the client in several ways");
    if (used_basic(request)) {
        auto pair = pair_of_basic(request.field("authorization"));
        require_same(named, pair.id);
        if (pair.secret.empty()) return {std::move(pair.id), AuthMethod::none, {}};
        return {std::move(pair.id), AuthMethod::client_secret_basic, std::move(pair.secret)};
    }
    if (has_assertion) {
        if (parameters.require("client_assertion_type") != assertion_type)
            throw refusal("invalid_request", "client_assertion_type must be " + std::string{assertion_type});
        const auto& assertion = parameters.require("client_assertion");
        const auto claims = jose::read_unverified(assertion);
        auto issuer = claims ? claims->text("iss") : std::nullopt;
        if (!issuer) throw wrong_proof();
        require_same(named, *issuer);
        return {*std::move(issuer), AuthMethod::private_key_jwt, assertion};
    }
    if (parameters.has("client_secret"))
        return {parameters.require("client_id"), AuthMethod::client_secret_post,
                parameters.text("client_secret")};
    return {named, AuthMethod::none, {}};
}

std::shared_ptr<const ClientAuthentication::Known> ClientAuthentication::look_up(
    const std::string& client_id) {
    if (auto known = clients_.find(client_id)) return *known;
    const auto asked = clients_.ask();
    db::Autocommit session{database_, {}};
    auto client = oauth::find_client(session, client_id);
    if (!client) return nullptr;
    auto keys = client->jwks.empty() ? jose::KeySet{} : jose::KeySet::parse(schema::parse(client->jwks));
    auto known = std::make_shared<const Known>(Known{*std::move(client), std::move(keys)});
    clients_.remember(client_id, known, asked);
    return known;
}

void ClientAuthentication::check_assertion(const Known& known, const std::string& assertion) {
    static constexpr db::Statement use{"oauth.use_client_assertion",
                                       "SELECT oauth.use_client_assertion($1, $2, to_timestamp($3))"};
    const auto& id = known.client.client_id;
    try {
        const auto claims = jose::verify_jwt(
            assertion, known.keys, {.issuer = id, .audiences = audiences_, .clock_skew = assertion_skew});
        const auto jti = claims.text("jti").value_or("");
        const auto expires_at = claims.time("exp").value();
        if (claims.text("sub") != id || claims.texts("aud").size() != 1 || jti.empty() ||
            jti.size() > longest_jti)
            throw wrong_proof();
        if (expires_at > base::Clock::now() + longest_assertion) throw wrong_proof();
        const auto until = expires_at + 2 * assertion_skew;
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(until.time_since_epoch()).count();
        const auto row = db::Autocommit{database_, {}}.query(use, known.client.key,
                                                             db::Bytes{crypto::sha256(jti)}, seconds);
        if (!row.front().boolean(0)) throw refusal("invalid_client", "the client assertion was used before");
    } catch (const base::Error& error) {
        if (error.code() != "jwt_invalid") throw;
        throw refusal("invalid_client", std::string{"client assertion: "} + error.what());
    }
}

std::shared_ptr<const Client> ClientAuthentication::find_client(const http::Request& request,
                                                                const Parameters& parameters) {
    const auto presented = presented_in(request, parameters);
    if (presented.client_id.empty()) return nullptr;
    if (!may_be_client_id(presented.client_id)) throw unknown_client();
    const auto known = look_up(presented.client_id);
    if (!known) throw unknown_client();
    const auto& client = known->client;
    const bool by_secret = client.auth_method == AuthMethod::client_secret_basic ||
                           client.auth_method == AuthMethod::client_secret_post;
    switch (presented.method) {
        case AuthMethod::none:
            if (!client.is_public()) throw refusal("invalid_client", "this client must authenticate");
            break;
        case AuthMethod::client_secret_basic:
        case AuthMethod::client_secret_post:
            if (!by_secret || !is_secret_of(client, presented.proof)) throw wrong_proof();
            break;
        case AuthMethod::private_key_jwt:
            if (client.auth_method != AuthMethod::private_key_jwt) throw wrong_proof();
            check_assertion(*known, presented.proof);
            break;
    }
    return {known, &known->client};
}

std::shared_ptr<const Client> ClientAuthentication::require_client(const http::Request& request,
                                                                   const Parameters& parameters) {
    auto client = find_client(request, parameters);
    if (!client) throw refusal("invalid_request", "the parameter client_id is missing");
    return client;
}

}  // namespace oauth
