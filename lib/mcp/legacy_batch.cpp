#include "mcp/error.hpp"
#include "mcp/legacy_methods.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::size_t most_messages = 20;

http::Response refuse(const char* message, Revision revision) {
    return error_answer(400, jsonrpc::Error{jsonrpc::invalid_request, message}, nullptr, revision);
}

/// The response of one member; null for a notification or a response.
json answer_member(const Service& service, Hub& hub, const Arrival& arrival, const LegacyClient& known,
                   json&& member) {
    json id = jsonrpc::id_of(member);
    try {
        auto message = jsonrpc::read_message(std::move(member));
        const bool is_request = message.kind == jsonrpc::Message::Kind::request;
        if (message.method == "initialize") {
            throw jsonrpc::Error{jsonrpc::invalid_request, "initialize must not be part of a batch"};
        }
        auto answer = answer_legacy_message(service, hub, arrival, known, message, Delivery::whole);
        return is_request && !answer.body.empty() ? schema::parse(answer.body) : json(nullptr);
    } catch (const jsonrpc::Error& error) {
        return jsonrpc::error_response(std::move(id), error);
    } catch (const base::Error& error) {
        return jsonrpc::error_response(std::move(id), protocol_error_of(error));
    }
}

}  // namespace

http::Response answer_legacy_batch(const Service& service, Hub& hub, const Arrival& arrival, json batch) {
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    const auto revision = known.client.revision;
    if (revision != Revision::r2025_03_26) return refuse("this revision has no batches", revision);
    if (batch.empty() || batch.size() > most_messages) return refuse("expected 1 to 20 messages", revision);
    json responses = json::array();
    for (auto& member : batch) {
        json response = answer_member(service, hub, arrival, known, std::move(member));
        if (!response.is_null()) responses.push_back(std::move(response));
    }
    if (responses.empty()) return {.status = 202, .fields = {}, .body = {}};
    return {.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = schema::dump(responses)};
}

}  // namespace mcp
