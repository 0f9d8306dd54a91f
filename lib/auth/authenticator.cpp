#include "auth/authenticator.hpp"

#include <algorithm>

#include "auth/api_key.hpp"
#include "auth/credential_cache.hpp"
#include "auth/key_usage.hpp"
#include "db/listener.hpp"

namespace auth {
namespace {

base::Error invalid_credential(const char* message) {
    return base::Error{base::Reason::unauthenticated, "credential_invalid", message};
}

bool carries_token(std::string_view query) {
    return ('&' + std::string{query}).find("&access_token=") != std::string::npos;
}

std::string_view bearer_of(const http::Request& request) {
    const auto credential = presented_credential(request);
    if (credential.scheme != "bearer")
        throw invalid_credential("the Authorization field is not of the Bearer scheme");
    return credential.text;
}

struct Found {
    Principal principal;
    CredentialCache::Time expires_at = CredentialCache::Time::max();
};

std::optional<Found> find_live_key(db::Database& database, const PresentedKey& key) {
    static constexpr db::Statement select{"auth.find_api_key", R"sql(
        SELECT workspace_id, slug, mcp_enabled, user_id, scopes, extract(epoch FROM expires_at)
          FROM auth.find_api_key($1, $2)
    )sql"};
    db::Autocommit session{database, {}};
    const auto result = session.query(select, key.id, db::Bytes{key.secret_sha256});
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    Found found{.principal = {
                    .credential = key.id,
                    .credential_proof = key.secret_sha256,
                    .user = UserId{row.uuid(3)},
                    .workspace = WorkspaceId{row.uuid(0)},
                    .workspace_slug = row.string(1),
                    .mcp_enabled = row.boolean(2),
                    .scopes = Scopes::parse(row.strings(4)),
                }};
    if (!row.is_null(5)) found.expires_at = row.time(5);
    return found;
}

const char* refusal_of(std::string_view state) {
    if (state == "expired") return "the grant has expired; sign in again";
    if (state == "client_disabled") return "the client is disabled";
    if (state == "workspace_suspended") return "the workspace is suspended";
    if (state == "not_a_member") return "the user is no longer a member of the workspace";
    if (state == "user_disabled") return "the user is disabled";
    if (state == "nothing_allowed") return "the user may no longer allow any of what was granted";
    return "the access token was revoked";
}

Found find_live_grant(db::Database& database, const AccessToken& token) {
    static constexpr db::Statement select{"auth.find_grant", R"sql(
        SELECT state, workspace_id, slug, mcp_enabled, user_id, client, scopes, extract(epoch FROM expires_at)
          FROM auth.find_grant($1, $2)
    )sql"};
    db::Autocommit session{database, {}};
    const auto result = session.query(select, token.grant, token.id);
    if (result.empty()) throw invalid_credential(refusal_of("revoked"));
    const auto row = result.front();
    if (row.text(0) != "live") throw invalid_credential(refusal_of(row.text(0)));
    return {.principal = {.kind = CredentialKind::access_token,
                          .credential = KeyId{token.grant.uuid()},
                          .user = UserId{row.uuid(4)},
                          .workspace = WorkspaceId{row.uuid(1)},
                          .workspace_slug = row.string(2),
                          .mcp_enabled = row.boolean(3),
                          .scopes = token.scopes.common_with(Scopes::parse(row.strings(6))),
                          .client = row.uuid(5),
                          .resource = token.resource},
            .expires_at = std::min(token.expires_at, row.time(7))};
}

}  // namespace

PresentedCredential presented_credential(const http::Request& request) {
    const auto field = request.field("authorization");
    if (field.empty()) {
        throw base::Error{base::Reason::unauthenticated, "credential_missing",
                          "send an access token or an API key as Authorization: Bearer"};
    }
    if (carries_token(request.query)) {
        throw base::Error{base::Reason::invalid_input, "two_credentials",
                          "send one credential, in the Authorization field"};
    }
    const auto space = std::min(field.find(' '), field.size());
    PresentedCredential credential{std::string{field.substr(0, space)}, field.substr(space)};
    for (char& c : credential.scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (!credential.text.empty()) credential.text.remove_prefix(1);
    return credential;
}

void check_user(const http::Request& request, const Principal& principal) {
    if (!request.has_field("user-id")) return;
    if (UserId::parse(request.field("user-id")) != principal.user) {
        throw invalid_credential("the User-Id field names another user than the credential's");
    }
}

class Authenticator::Cache {
public:
    explicit Cache(db::Database& database)
        : usage{database},
          listener_{database,
                    {"gatehouse_credential"},
                    {
                        .on_notification = [this](const auto&, const auto&) { entries.forget_all(); },
                        .on_gap = [this] { entries.forget_all(); },
                    }} {}

    bool is_trusted() const noexcept { return listener_.is_up(); }

    CredentialCache entries;
    KeyUsage usage;

private:
    db::Listener listener_;
};

Authenticator::Authenticator(db::Database& database, std::string public_url)
    : database_{database},
      public_url_{public_url},
      tokens_{database, std::move(public_url)},
      cache_{std::make_unique<Cache>(database)} {}

Authenticator::~Authenticator() = default;

Principal Authenticator::authenticate(const http::Request& request) {
    const auto text = bearer_of(request);
    auto principal = AccessTokens::has_form_of(text) ? principal_of_token(text) : principal_of_key(text);
    check_user(request, principal);
    return principal;
}

template <class Find>
Principal Authenticator::remembered(const std::string& digest, Find find) {
    const bool trusted = cache_->is_trusted();
    const auto generation = cache_->entries.generation();
    if (trusted) {
        if (auto known = cache_->entries.find(digest, base::Clock::now())) return *std::move(known);
    }
    Found found = find();
    if (trusted) cache_->entries.remember(digest, found.principal, generation, found.expires_at);
    return std::move(found.principal);
}

Principal Authenticator::principal_of_key(std::string_view text) {
    const auto key = parse_api_key(text);
    if (!key) throw invalid_credential("the API key is malformed");
    auto principal = remembered(key->id.uuid().text() + key->secret_sha256, [&] {
        auto found = find_live_key(database_, *key);
        if (!found) throw invalid_credential("the API key is unknown, disabled or expired");
        return *std::move(found);
    });
    cache_->usage.note(principal.credential);
    return principal;
}

Principal Authenticator::principal_of_token(std::string_view text) {
    const auto token = tokens_.verify(text);
    return remembered("token" + std::string{token.id.raw()}, [&] {
        auto found = find_live_grant(database_, token);
        const auto& principal = found.principal;
        if (principal.resource != public_url_ + "/mcp" &&
            principal.resource != public_url_ + "/v1/" + principal.workspace_slug) {
            throw invalid_credential("the access token is for another resource");
        }
        found.principal.credential_proof = text;
        found.principal.token = token.id;
        return found;
    });
}

}  // namespace auth
