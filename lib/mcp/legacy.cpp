#include "mcp/legacy.hpp"

#include "base/log.hpp"
#include "mcp/client_requests.hpp"
#include "mcp/error.hpp"
#include "mcp/initialize.hpp"
#include "mcp/legacy_methods.hpp"
#include "mcp/methods.hpp"
#include "mcp/params.hpp"
#include "mcp/request_metadata.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr int most_rounds = 16;
constexpr db::Statement notify{"mcp_notify", "SELECT pg_notify('mcp', $1)"};

const http::Response accepted{.status = 202, .fields = {}, .body = {}};

http::Response begin_session(const Service& service, const Arrival& arrival,
                             const jsonrpc::Message& message) {
    auto begun = initialize(service.server, message.params);
    return {.status = 200,
            .fields = {{"Content-Type", "application/json"},
                       {"Mcp-Session-Id", seal_session(service.seals, arrival.principal, begun.session)}},
            .body = schema::dump(jsonrpc::result_response(message.id, std::move(begun.result)))};
}

std::string text_of(const Reply& reply) {
    if (const auto* members = std::get_if<WrittenMembers>(&reply)) return '{' + members->text + '}';
    return schema::dump(std::get<json>(reply));
}

/// Where the stateless model answers input_required, the older revisions ask the client during the call.
std::string run_rounds(const Method& method, Context& context, LegacyResponse& response, const json& params) {
    for (int round = 0; round < most_rounds; ++round) {
        json consumed = params;
        auto reply = mcp::run(method, context, consumed);
        auto* input = std::get_if<tool::InputRequired>(&reply);
        if (input == nullptr) return text_of(reply);
        require_answerable_and_sendable(context, response, input->requests);
        context.call.input_responses = ask_client(context, response, input->requests);
        context.call.state = std::move(input->state);
    }
    throw jsonrpc::Error{jsonrpc::internal_error, "the request needs too many rounds of input"};
}

/// The result as JSON text.
std::string run(const LegacyClient& known, Context& context, LegacyResponse& response,
                jsonrpc::Message& message) {
    if (const auto* own = find_legacy_method(message.method)) {
        return schema::dump(own->run(context, known.session_pointer(), message.params));
    }
    const Method* method = find_method(message.method);
    if (method == nullptr) throw jsonrpc::Error{jsonrpc::method_not_found, "method not found"};
    if (method->subject != nullptr) return run_rounds(*method, context, response, message.params);
    return text_of(mcp::run(*method, context, message.params));
}

http::Response answer_request(const Service& service, Hub& hub, const Arrival& arrival,
                              const LegacyClient& known, jsonrpc::Message& message, db::Session& database,
                              Delivery delivery) {
    LegacyResponse response{service,
                            arrival,
                            database,
                            hub,
                            known.session_pointer(),
                            known.client.revision,
                            message.id,
                            delivery == Delivery::may_stream};
    const auto fail = [&](int status, const jsonrpc::Error& error) {
        return response.finish(status, schema::dump(jsonrpc::error_response(message.id, error)));
    };
    try {
        Context context{service,      arrival.principal, arrival.request,
                        known.client, response,          progress_token_of(message.params)};
        return response.finish(200,
                               jsonrpc::written_response(message.id, run(known, context, response, message)));
    } catch (const jsonrpc::Error& error) {
        return fail(status_of(error, known.client.revision), error);
    } catch (const base::Error& error) {
        if (error.reason() == base::Reason::insufficient_scope && !arrival.exchange.has_started()) throw;
        base::log(base::Severity::warning, "request_failed",
                  {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}});
        return fail(200, protocol_error_of(error));
    } catch (const std::exception& error) {
        base::log(base::Severity::error, "request_failed", {{"detail", error.what()}});
        return fail(200, jsonrpc::Error{jsonrpc::internal_error, "internal error"});
    }
}

void take_notification(db::Session& database, const LegacyClient& known, const jsonrpc::Message& message) {
    if (message.method != "notifications/cancelled" || !known.session) return;
    const json* id = find_member(message.params, "requestId");
    if (id == nullptr) return;
    database.query(notify, key_of_cancellation(*known.session, *id));
}

}  // namespace

http::Response answer_legacy_message(const Service& service, Hub& hub, const Arrival& arrival,
                                     const LegacyClient& known, jsonrpc::Message& message,
                                     Delivery delivery) {
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    switch (message.kind) {
        case jsonrpc::Message::Kind::notification:
            take_notification(database, known, message);
            return accepted;
        case jsonrpc::Message::Kind::response:
            if (take_answer(database, service.seals, arrival.principal, message)) return accepted;
            return error_answer(400,
                                jsonrpc::Error{jsonrpc::invalid_request, "nothing waits for this response"},
                                nullptr, known.client.revision);
        case jsonrpc::Message::Kind::request:
            break;
    }
    return answer_request(service, hub, arrival, known, message, database, delivery);
}

http::Response answer_legacy(const Service& service, Hub& hub, const Arrival& arrival,
                             jsonrpc::Message message) {
    if (message.method == "initialize" && message.kind == jsonrpc::Message::Kind::request) {
        try {
            return begin_session(service, arrival, message);
        } catch (const jsonrpc::Error& error) {
            return error_answer(400, error, message.id);
        }
    }
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    return answer_legacy_message(service, hub, arrival, known, message, Delivery::may_stream);
}

}  // namespace mcp
