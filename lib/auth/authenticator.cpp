#include "auth/authenticator.hpp"

#include "auth/api_key.hpp"
#include "auth/credential_cache.hpp"
#include "auth/key_usage.hpp"
#include "db/listener.hpp"

namespace auth {
namespace {

constexpr std::string_view scheme = "bearer ";

base::Error invalid_credential(const char* message) {
    return base::Error{base::Reason::unauthenticated, "credential_invalid", message};
}

bool has_scheme(std::string_view field) {
    if (field.size() < scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = field[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != scheme[i]) return false;
    }
    return true;
}

std::string_view bearer_of(const http::Request& request) {
    const auto field = request.field("authorization");
    if (field.empty()) {
        throw base::Error{base::Reason::unauthenticated, "credential_missing",
                          "send an API key as Authorization: Bearer"};
    }
    if (!has_scheme(field)) throw invalid_credential("the Authorization field is not of the Bearer scheme");
    return field.substr(scheme.size());
}

void check_user(const http::Request& request, const Principal& principal) {
    if (!request.has_field("user-id")) return;
    if (UserId::parse(request.field("user-id")) != principal.user) {
        throw invalid_credential("the User-Id field names another user than the credential's");
    }
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

}  // namespace

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

Authenticator::Authenticator(db::Database& database)
    : database_{database}, cache_{std::make_unique<Cache>(database)} {}

Authenticator::~Authenticator() = default;

Principal Authenticator::authenticate(const http::Request& request) {
    const auto key = parse_api_key(bearer_of(request));
    if (!key) throw invalid_credential("the API key is malformed");
    const auto digest = key->id.uuid().text() + key->secret_sha256;

    const bool trusted = cache_->is_trusted();
    const auto generation = cache_->entries.generation();
    auto principal = trusted ? cache_->entries.find(digest, base::Clock::now()) : std::nullopt;
    if (!principal) {
        auto found = find_live_key(database_, *key);
        if (!found) throw invalid_credential("the API key is unknown, disabled or expired");
        if (trusted) cache_->entries.remember(digest, found->principal, generation, found->expires_at);
        principal = std::move(found->principal);
    }
    check_user(request, *principal);
    cache_->usage.note(principal->credential);
    return *std::move(principal);
}

}  // namespace auth
