#include "mcp/subscriptions.hpp"

#include <set>

#include "jsonrpc/message.hpp"
#include "mcp/change.hpp"
#include "mcp/error.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/meta.hpp"
#include "mcp/params.hpp"

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
        if (!uri.is_string()) refuse_params("notifications.resourceSubscriptions: expected strings");
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

bool is_live(const Recheck& recheck) {
    try {
        recheck();
        return true;
    } catch (const base::Error& error) {
        return error.reason() == base::Reason::unavailable;
    }
}

}  // namespace

void serve_subscription(Context& context, const json& id, const json& params, http::Exchange& exchange,
                        Hub& hub, const Recheck& recheck) {
    const auto filter = read_filter(context.service.server, params);
    Hub::Mailbox mailbox{hub};
    ChangeFeed feed{context.call.db(), mailbox, context.principal.workspace.uuid()};
    Subscription subscription{id, exchange};
    json honored = json::object();
    honored["notifications"] = filter.acknowledged();
    if (!subscription.tell("notifications/subscriptions/acknowledged", std::move(honored))) return;

    using Woken = Hub::Mailbox::Woken;
    for (bool is_connected = true; is_connected;) {
        const auto woken = mailbox.wait(&exchange, keep_alive_interval);
        if (woken == Woken::gone) break;
        if (woken == Woken::idle) {
            if (!is_live(recheck)) break;
            is_connected = subscription.keep_alive();
        }
        mailbox.take();
        for (const auto& change : feed.take()) {
            if (filter.admits(change)) is_connected = is_connected && subscription.tell(change);
        }
    }
    subscription.end();
}

}  // namespace mcp
