#include "oauth/refresh_rotation.hpp"

#include <algorithm>
#include <exception>
#include <vector>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "db/error.hpp"
#include "oauth/outcome.hpp"
#include "oauth/refresh_token.hpp"

namespace oauth {
namespace {

constexpr std::size_t most_together = 64;
constexpr int most_repeats = 200;

std::string bytea_text(std::string_view bytes) { return "\\x" + crypto::hex_of(bytes); }

RefreshToken recognized(const ServerKeys& keys, std::string_view text) {
    auto token = recognize_refresh_token(keys, text);
    if (!token) require_ok("unknown");
    return *std::move(token);
}

std::optional<ClientKey> key_of_authenticated(const Client* client) {
    return client && !client->is_public() ? std::make_optional(client->key) : std::nullopt;
}

// A public client may have named itself in the Authorization field.
std::optional<std::string> id_of_public(const Client* client, const RefreshRequest& request) {
    if (!client) return request.client_id;
    return client->is_public() ? std::make_optional(client->client_id) : std::nullopt;
}

}  // namespace

struct RefreshRotation::Rotation {
    RefreshToken presented;
    std::vector<NewRefreshToken> successors;  ///< that of the newest key first
    std::optional<ClientKey> by_client;
    std::optional<std::string> by_client_id;
    std::optional<std::string> resource;
    std::optional<TokenGrant> granted;
    std::exception_ptr failure;

    NewRefreshToken& next() { return successors.front(); }
};

RefreshRotation::RefreshRotation(db::Database& database, const ServerKeys& keys,
                                 const base::Config::Tokens& settings)
    : database_{database}, keys_{keys}, settings_{settings}, group_{most_together, [this](auto rotations) {
                                                                        rotate_together(rotations);
                                                                    }} {}

TokenGrant RefreshRotation::rotate(const Client* client, const RefreshRequest& request) {
    Rotation rotation{.presented = recognized(keys_, request.refresh_token),
                      .successors = successors_of(keys_, request.refresh_token),
                      .by_client = key_of_authenticated(client),
                      .by_client_id = id_of_public(client, request),
                      .resource = request.resource,
                      .granted = {},
                      .failure = {}};
    if (!request.scopes) group_.ask(rotation);
    if (rotation.failure) std::rethrow_exception(rotation.failure);
    if (rotation.granted) return *std::move(rotation.granted);
    return rotate_alone(rotation, request.scopes);
}

void RefreshRotation::rotate_together(std::span<Rotation*> rotations) {
    static constexpr db::Statement rotate{"oauth.rotate_refresh_tokens", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource, successor
          FROM oauth.rotate_refresh_tokens($1, $2, $3, $4, $5, $6, make_interval(secs => $7))
    )sql"};
    // In every process rows are locked in the same order. Of several requests with the tokens of one grant
    // one is asked for: the answer says that a token was rotated, not which of them had proved its client.
    const auto grant_of = [](const Rotation* each) { return each->presented.grant.uuid().raw(); };
    std::ranges::sort(rotations, {}, grant_of);
    const auto spare = std::ranges::unique(rotations, {}, grant_of);
    const auto asked = rotations.first(rotations.size() - spare.size());
    std::vector<std::string> grants, presented, successors;
    std::vector<std::optional<std::string>> clients, client_ids, resources;
    for (auto* const each : asked) {
        grants.push_back(each->presented.grant.uuid().text());
        presented.push_back(bytea_text(each->presented.sha256));
        successors.push_back(bytea_text(each->next().sha256));
        clients.push_back(each->by_client ? std::make_optional(each->by_client->uuid().text())
                                          : std::nullopt);
        client_ids.push_back(each->by_client_id);
        resources.push_back(each->resource);
    }
    try {
        const auto rows =
            db::Autocommit{database_, {}}.query(rotate, grants, presented, successors, clients, client_ids,
                                                resources, settings_.refresh_token_idle);
        for (const auto row : rows) {
            const auto found =
                std::ranges::find(asked, row.bytes(7), [](Rotation* each) { return each->next().sha256; });
            if (found == asked.end()) continue;
            (*found)->granted = granted_of(row);
            (*found)->granted->refresh_token = std::move((*found)->next().text);
        }
    } catch (const db::StatementError&) {
        // Nothing was committed: each finds out by itself what is wrong with its own.
    } catch (const base::Error& error) {
        if (error.code() == "database_busy") return;  // with one of the grants: the others' are not
        for (auto* const each : asked) each->failure = std::current_exception();
    } catch (...) {
        for (auto* const each : asked) each->failure = std::current_exception();
    }
}

TokenGrant RefreshRotation::rotate_alone(Rotation& rotation, const std::optional<auth::Scopes>& wanted) {
    static constexpr db::Statement rotate{"oauth.rotate_refresh_token", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource, successor
          FROM oauth.rotate_refresh_token($1, $2, $3, $4, $5, $6, $7, make_interval(secs => $8), $9,
                                          make_interval(secs => $10))
    )sql"};
    std::optional<std::vector<std::string>> scopes;
    if (wanted) scopes = wanted->names();
    const auto result = db::Autocommit{database_, {}}.query(
        rotate, rotation.presented.grant, db::Bytes{rotation.presented.sha256},
        db::Bytes{rotation.next().sha256}, rotation.by_client, rotation.by_client_id, scopes,
        rotation.resource, settings_.refresh_grace, most_repeats, settings_.refresh_token_idle);
    auto granted = granted_of(result.front());
    const auto current = result.front().bytes(7);
    const auto given = std::ranges::find(rotation.successors, current, &NewRefreshToken::sha256);
    if (given == rotation.successors.end()) require_ok("replayed");
    granted.refresh_token = std::move(given->text);
    if (wanted) granted.scopes = *wanted;
    return granted;
}

}  // namespace oauth
