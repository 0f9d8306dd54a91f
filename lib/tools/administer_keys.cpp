#include "auth/api_key.hpp"
#include "base/error.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/messages.hpp"

namespace tools {
namespace {

using Names = std::vector<std::string>;

struct NewKey {
    std::string name;
    std::optional<Names> scopes;
    std::optional<int> days;

    static constexpr auto fields = std::tuple{
        schema::field("name", &NewKey::name, "What the key is for.", {1, 200}),
        schema::field("scopes", &NewKey::scopes,
                      "What it may do, at most what you may; mcp.read unless given.", {1, 4}),
        schema::field("days", &NewKey::days, "Days until it expires; never unless given.", {1, 3650}),
    };
};

struct ShownKey {
    std::string id;
    std::string key;

    static constexpr auto fields = std::tuple{
        schema::field("id", &ShownKey::id, "The key's id."),
        schema::field("key", &ShownKey::key, "The key itself, shown this once."),
    };
};

struct KeyView {
    std::string id;
    std::string user_id;
    std::string name;
    Names scopes;
    std::string created_at;
    std::optional<std::string> expires_at;
    std::optional<std::string> disabled_at;
    std::optional<std::string> last_used_at;

    static constexpr auto fields = std::tuple{
        schema::field("id", &KeyView::id, "The key's id."),
        schema::field("user_id", &KeyView::user_id, "The member it acts for."),
        schema::field("name", &KeyView::name, "What the key is for."),
        schema::field("scopes", &KeyView::scopes, "What it may do."),
        schema::field("created_at", &KeyView::created_at, "When it was made (RFC 3339)."),
        schema::field("expires_at", &KeyView::expires_at, "When it expires, if ever."),
        schema::field("disabled_at", &KeyView::disabled_at, "Since when it is refused, if it is."),
        schema::field("last_used_at", &KeyView::last_used_at, "When it was last used, if ever."),
    };
};

struct Keys {
    std::vector<KeyView> keys;
    static constexpr auto fields = std::tuple{schema::field("keys", &Keys::keys, "Oldest first.")};
};

auth::KeyId id_of(const KeyName& input) {
    if (const auto id = auth::KeyId::parse(input.key_id)) return *id;
    throw base::Error{base::Reason::not_found, "key_not_found", "no such API key"};
}

ShownKey shown(const auth::NewApiKey& key) {
    return {.id = key.id.text(), .key = std::string{key.text.reveal()}};
}

/// A key acts for whoever made it, and may do no more than they may with what they made it with.
ShownKey create(const NewKey& input, tool::Call& call) {
    const auto& maker = call.principal();
    const auto scopes =
        input.scopes ? auth::Scopes::parse(*input.scopes) : auth::Scopes{auth::Scope::mcp_read};
    if (!maker.scopes.include(scopes)) {
        throw base::Error{base::Reason::forbidden, "scope_exceeded",
                          "a key may do no more than the credential that makes it"};
    }
    auth::ApiKeyRequest request{.workspace = maker.workspace,
                                .user = maker.user,
                                .name = input.name,
                                .scopes = scopes,
                                .lifetime = std::nullopt};
    if (input.days) request.lifetime = std::chrono::hours{24} * *input.days;
    return shown(auth::create_api_key(call.db(), request));
}

Keys list(const Nothing&, tool::Call& call) {
    Keys keys;
    for (const auto& key : auth::list_api_keys(call.db())) {
        keys.keys.push_back({.id = key.id.text(),
                             .user_id = key.user.text(),
                             .name = key.name,
                             .scopes = key.scopes.names(),
                             .created_at = base::rfc3339_of(key.created_at),
                             .expires_at = base::rfc3339_of(key.expires_at),
                             .disabled_at = base::rfc3339_of(key.disabled_at),
                             .last_used_at = base::rfc3339_of(key.last_used_at)});
    }
    return keys;
}

Done disable(const KeyName& input, tool::Call& call) {
    auth::disable_api_key(call.db(), id_of(input));
    return {};
}

Done remove(const KeyName& input, tool::Call& call) {
    auth::delete_api_key(call.db(), id_of(input));
    return {};
}

}  // namespace

tool::Tool create_api_key() {
    return tool::define(
        {
            .name = "create_api_key",
            .title = "Create an API key",
            .description = "Makes a key that acts for you in this workspace. It is shown once.",
            .scope = auth::Scope::admin,
            .effect = {},
            .route = {http::Method::post, "/keys"},
            .reveals_secret = true,
        },
        create);
}

tool::Tool list_api_keys() {
    return tool::define(
        {
            .name = "list_api_keys",
            .title = "List API keys",
            .description = "The API keys of this workspace, without what makes them work.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/keys"},
        },
        list);
}

tool::Tool disable_api_key() {
    return tool::define(
        {
            .name = "disable_api_key",
            .title = "Disable an API key",
            .description = "Refuses a key from now on; it stays in the list.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::post, "/keys/{key_id}/disable"},
        },
        disable);
}

tool::Tool delete_api_key() {
    return tool::define(
        {
            .name = "delete_api_key",
            .title = "Delete an API key",
            .description = "Deletes a key; it is refused from now on.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::delete_, "/keys/{key_id}"},
        },
        remove);
}

}  // namespace tools
