#include "mcp/subscriptions.hpp"

#include <set>

#include "auth/authenticator.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/change.hpp"
#include "mcp/error.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/meta.hpp"
#include "mcp/outage.hpp"
#include "mcp/params.hpp"
#include "mcp/pulse.hpp"

namespace mcp {
namespace {

constexpr std::size_t most_resources = 1000;

struct Filter {
    bool tools = false;
    bool prompts = false;
    bool resources = false;
    std::set<std::string> uris;

    bool admits(const Change& change) const {
        switch (change.kind) {
            case Change::Kind::tools:
                return tools;
            case Change::Kind::prompts:
                return prompts;
            case Change::Kind::resources:
                return resources;
            case Change::Kind::resource:
                return uris.contains(change.uri);
        }
        return false;
    }

    json acknowledged() const {
        json honored = json::object();
        if (tools) honored["toolsListChanged"] = true;
        if (prompts) honored["promptsListChanged"] = true;
        if (resources) honored["resourcesListChanged"] = true;
        if (!uris.empty()) honored["resourceSubscriptions"] = uris;
        return honored;
    }
};

bool wants(const json& asked, const char* name) {
    const json* member = find_member(asked, name);
    if (member == nullptr) return false;
    if (!member->is_boolean())
        refuse_params(std::string{"notifications."} + name + ": expected true or false");
    return member->get<bool>();
}

std::set<std::string> read_uris(const json& asked) {
    std::set<std::string> uris;
    const json* list = find_member(asked, "resourceSubscriptions");
    if (list == nullptr) return uris;
    if (!list->is_array() || list->size() > most_resources) {
        refuse_params("notifications.resourceSubscriptions: expected an array of at most 1000 URIs");
    }
    for (const auto& uri : *list) {
        if (!uri.is_string() || uri.get_ref<const std::string&>().size() > longest_uri) {
            refuse_params("notifications.resourceSubscriptions: expected strings of at most 2000 characters");
        }
        uris.insert(uri.get<std::string>());
    }
    return uris;
}

Filter read_filter(const Server& server, const json& params) {
    const json& asked = require_object(params, "notifications");
    return {.tools = server.tools_change && wants(asked, "toolsListChanged"),
            .prompts = server.prompts_change && wants(asked, "promptsListChanged"),
            .resources = wants(asked, "resourcesListChanged"),
            .uris = read_uris(asked)};
}

/// One open subscription: every message on it names it.
class Subscription {
public:
    Subscription(const json& id, http::Exchange& exchange) : id_(id), stream_{exchange} {}

    bool tell(std::string_view method, json params) {
        params["_meta"][meta::subscription_id] = id_;
        return stream_.send(jsonrpc::notification(method, std::move(params)));
    }
    bool tell(const Change& change) {
        json params = json::object();
        if (change.kind == Change::Kind::resource) params["uri"] = change.uri;
        return tell(notification_of(change.kind), std::move(params));
    }
    bool keep_alive() { return stream_.keep_alive(); }
    void end() {
        stream_.send(jsonrpc::result_response(
            id_, json{{"resultType", "complete"}, {"_meta", {{meta::subscription_id, id_}}}}));
    }

private:
    json id_;
    EventStream stream_;
};

/// Tells what the filter admits until the client goes, the process stops or the caller may listen no more.
void follow(ChangeFeed& feed, const Filter& filter, Subscription& subscription, Pulse& pulse,
            http::Exchange& exchange, const Recheck& recheck) {
    std::set<std::string> arrived;
    while (pulse.wait(&exchange, arrived) != Hub::Mailbox::Woken::gone) {
        if (pulse.is_check_due() && !may_hold(recheck)) return;
        if (pulse.is_comment_due() && !subscription.keep_alive()) return;
        const auto changes = unless_down([&] { return feed.take(); });
        if (!changes) {
            pulse.retry_soon();
            continue;
        }
        for (const auto& change : *changes) {
            if (filter.admits(change) && !subscription.tell(change)) return;
        }
    }
}

}  // namespace

void serve_subscription(Context& context, const json& id, json params, http::Exchange& exchange, Hub& hub,
                        const Recheck& recheck) {
    auth::require_scope(context.principal, auth::Scope::mcp_read);
    const auto filter = read_filter(context.service.server, params);
    params = nullptr;
    Hub::Mailbox mailbox{hub};
    Pulse pulse{mailbox};
    ChangeFeed feed{context.call.db(), mailbox, context.principal.workspace.uuid()};
    Subscription subscription{id, exchange};
    json honored = json::object();
    honored["notifications"] = filter.acknowledged();
    if (!subscription.tell("notifications/subscriptions/acknowledged", std::move(honored))) return;
    follow(feed, filter, subscription, pulse, exchange, recheck);
    subscription.end();
}

}  // namespace mcp
