#include "auth/publishable_key.hpp"
#include "base/error.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/messages.hpp"

namespace tools {
namespace {

using Names = std::vector<std::string>;

struct NewKey {
    std::string name;
    Names allowed_origins;

    static constexpr auto fields = std::tuple{
        schema::field("name", &NewKey::name, "What the key is for.", {1, 200}),
        schema::field("allowed_origins", &NewKey::allowed_origins,
                      "Origins of the pages it stands in, such as https://www.example.com.", {1, 20}),
    };
};

struct KeyView {
    std::string id;
    std::string key;
    std::string user_id;
    std::string name;
    Names allowed_origins;
    std::string created_at;
    std::optional<std::string> disabled_at;

    static constexpr auto fields = std::tuple{
        schema::field("id", &KeyView::id, "The key's id."),
        schema::field("key", &KeyView::key, "What stands in the page; no secret."),
        schema::field("user_id", &KeyView::user_id, "The member who answers for it."),
        schema::field("name", &KeyView::name, "What the key is for."),
        schema::field("allowed_origins", &KeyView::allowed_origins, "Where it works."),
        schema::field("created_at", &KeyView::created_at, "When it was made (RFC 3339)."),
        schema::field("disabled_at", &KeyView::disabled_at, "Since when it is refused, if it is."),
    };
};

struct Keys {
    std::vector<KeyView> keys;
    static constexpr auto fields = std::tuple{schema::field("keys", &Keys::keys, "Oldest first.")};
};

auth::PublishableKeyId id_of(const KeyName& input) {
    if (const auto id = auth::PublishableKeyId::parse(input.key_id)) return *id;
    throw base::Error{base::Reason::not_found, "key_not_found", "no such publishable key"};
}

KeyView view_of(const auth::PublishableKey& key) {
    return {.id = key.id.text(),
            .key = key.text(),
            .user_id = key.user.text(),
            .name = key.name,
            .allowed_origins = key.allowed_origins,
            .created_at = base::rfc3339_of(key.created_at),
            .disabled_at = base::rfc3339_of(key.disabled_at)};
}

KeyView create(const NewKey& input, tool::Call& call) {
    return view_of(auth::create_publishable_key(call.db(), {.workspace = call.principal().workspace,
                                                            .user = call.principal().user,
                                                            .name = input.name,
                                                            .allowed_origins = input.allowed_origins}));
}

Keys list(const Nothing&, tool::Call& call) {
    Keys keys;
    for (const auto& key : auth::list_publishable_keys(call.db())) keys.keys.push_back(view_of(key));
    return keys;
}

Done disable(const KeyName& input, tool::Call& call) {
    auth::disable_publishable_key(call.db(), id_of(input));
    return {};
}

Done remove(const KeyName& input, tool::Call& call) {
    auth::delete_publishable_key(call.db(), id_of(input));
    return {};
}

}  // namespace

tool::Tool create_publishable_key() {
    return tool::define(
        {
            .name = "create_publishable_key",
            .title = "Create a publishable key",
            .description =
                "Makes a key that may stand in web pages of the given origins and call read-only tools that "
                "are meant for everyone.",
            .scope = auth::Scope::admin,
            .effect = {},
            .route = {http::Method::post, "/publishable-keys"},
        },
        create);
}

tool::Tool list_publishable_keys() {
    return tool::define(
        {
            .name = "list_publishable_keys",
            .title = "List publishable keys",
            .description = "The publishable keys of this workspace.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/publishable-keys"},
        },
        list);
}

tool::Tool disable_publishable_key() {
    return tool::define(
        {
            .name = "disable_publishable_key",
            .title = "Disable a publishable key",
            .description = "Refuses a key from now on; it stays in the list.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::post, "/publishable-keys/{key_id}/disable"},
        },
        disable);
}

tool::Tool delete_publishable_key() {
    return tool::define(
        {
            .name = "delete_publishable_key",
            .title = "Delete a publishable key",
            .description = "Deletes a key; it is refused from now on.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::delete_, "/publishable-keys/{key_id}"},
        },
        remove);
}

}  // namespace tools
