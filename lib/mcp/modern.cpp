#include "mcp/modern.hpp"

#include "base/log.hpp"
#include "mcp/acceptance.hpp"
#include "mcp/capabilities.hpp"
#include "mcp/error.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/headers.hpp"
#include "mcp/input_requests.hpp"
#include "mcp/meta.hpp"
#include "mcp/request_metadata.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr Caching discovery{std::chrono::milliseconds{300'000}, true};

/// JSON unless something must go before the response; then a stream, opened at that moment.
class ResponseStream : public Outgoing {
public:
    explicit ResponseStream(const Arrival& arrival)
        : exchange_{arrival.exchange},
          stream_{arrival.exchange},
          acceptance_{acceptance_of(arrival.request)} {}

    bool can_send() const override { return acceptance_.stream; }
    void send(const json& message) override {
        if (acceptance_.stream) stream_.send(message);
    }
    // Closing the response stream is how a client cancels (Streamable HTTP: Cancellation).
    bool is_cancelled() override { return exchange_.is_client_gone(); }

    http::Response finish(int status, std::string response) {
        if (stream_.is_open() || (acceptance_.stream && !acceptance_.json && status == 200)) {
            stream_.send_text(response);
            return {};
        }
        return {
            .status = status, .fields = {{"Content-Type", "application/json"}}, .body = std::move(response)};
    }

private:
    http::Exchange& exchange_;
    EventStream stream_;
    Acceptance acceptance_;
};

json discover(const Server& server) {
    json supported = json::array();
    for (const auto revision : revisions) supported.push_back(text_of(revision));
    json result{{"supportedVersions", std::move(supported)}, {"capabilities", capabilities_of(server)}};
    if (!server.instructions.empty()) result["instructions"] = server.instructions;
    return result;
}

void add_caching(json& result, const Caching& caching) {
    result["ttlMs"] = caching.time_to_live.count();
    result["cacheScope"] = caching.is_public ? "public" : "private";
}

std::string complete(json result, const Server& server, const std::optional<Caching>& caching) {
    const bool is_final = !result.contains("resultType");
    if (is_final) result["resultType"] = "complete";
    if (is_final && caching) add_caching(result, *caching);
    result["_meta"][meta::server_info] = identity_of(server);
    return schema::dump(result);
}

std::string complete(const WrittenMembers& members, const Service& service) {
    constexpr std::string_view type = R"("resultType":"complete",)";
    std::string result;
    result.reserve(members.text.size() + type.size() + service.metadata.size() + 3);
    return result.append("{")
        .append(members.text)
        .append(",")
        .append(type)
        .append(service.metadata)
        .append("}");
}

std::string complete(Reply&& reply, const Service& service, const std::optional<Caching>& caching) {
    if (const auto* members = std::get_if<WrittenMembers>(&reply)) return complete(*members, service);
    return complete(std::get<json>(std::move(reply)), service.server, caching);
}

/// The result as JSON text.
std::string run(Context& context, const jsonrpc::Message& message, json params) {
    const auto& service = context.service;
    if (message.method == "server/discover") {
        return complete(discover(service.server), service.server, discovery);
    }
    const Method* method = find_method(message.method);
    if (method == nullptr) throw jsonrpc::Error{jsonrpc::method_not_found, "method not found"};
    if (method->subject == nullptr)
        return complete(mcp::run(*method, context, params), service, method->caching);
    InputRounds rounds{context, *method, params};
    auto reply = mcp::run(*method, context, params);
    if (auto* input = std::get_if<tool::InputRequired>(&reply)) {
        return complete(rounds.result_of(std::move(*input)), service.server, std::nullopt);
    }
    return complete(std::move(reply), service, method->caching);
}

/// The stream stays for long: of the request nothing does but what it listens for.
http::Response listen(Context& context, Hub& hub, StreamQuota& quota, const Arrival& arrival,
                      jsonrpc::Message& message) {
    if (arrival.request.body.size() > longest_listen_request) {
        throw base::Error{base::Reason::too_large, "body_too_large",
                          "a request to listen is at most 256 KiB"};
    }
    const StreamQuota::Place place{quota, arrival.principal.credential};
    std::string{}.swap(arrival.request.body);
    serve_subscription(context, message.id, std::move(message.params), arrival.exchange, hub,
                       arrival.recheck);
    return {};
}

http::Response answer_request(const Service& service, Hub& hub, StreamQuota& quota, const Arrival& arrival,
                              jsonrpc::Message& message) {
    ResponseStream outgoing{arrival};
    const auto fail = [&](const jsonrpc::Error& error) {
        return outgoing.finish(status_of(error, Revision::r2026_07_28),
                               schema::dump(jsonrpc::error_response(message.id, error)));
    };
    try {
        const auto client = read_metadata(arrival.request, message.params);
        check_standard_headers(arrival.request, message);
        Context context{service, arrival.principal, arrival.request,
                        client,  outgoing,          progress_token_of(message.params)};
        if (message.method == "subscriptions/listen") {
            return listen(context, hub, quota, arrival, message);
        }
        const auto result = run(context, message, std::move(message.params));
        return outgoing.finish(200, jsonrpc::written_response(message.id, result));
    } catch (const jsonrpc::Error& error) {
        return fail(error);
    } catch (const base::Error& error) {
        if (error.reason() == base::Reason::insufficient_scope && !arrival.exchange.has_started()) throw;
        base::log(base::Severity::warning, "request_failed",
                  {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}});
        return outgoing.finish(status_of(error),
                               schema::dump(jsonrpc::error_response(message.id, protocol_error_of(error))));
    } catch (const std::exception& error) {
        base::log(base::Severity::error, "request_failed", {{"detail", error.what()}});
        return fail(jsonrpc::Error{jsonrpc::internal_error, "internal error"});
    }
}

}  // namespace

http::Response answer_modern(const Service& service, Hub& hub, StreamQuota& quota, const Arrival& arrival,
                             jsonrpc::Message message) {
    switch (message.kind) {
        case jsonrpc::Message::Kind::notification:
            return {.status = 202, .fields = {}, .body = {}};
        case jsonrpc::Message::Kind::response:
            return error_answer(400, jsonrpc::Error{jsonrpc::invalid_request,
                                                    "this revision has no responses from the client"});
        case jsonrpc::Message::Kind::request:
            break;
    }
    return answer_request(service, hub, quota, arrival, message);
}

}  // namespace mcp
