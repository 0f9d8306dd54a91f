#include "egress/endpoint.hpp"

#include "base/error.hpp"
#include "egress_client/refusal.hpp"
#include "http/problem.hpp"
#include "schema/schema.hpp"

namespace egress {
namespace {

http::Response json_response(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

}  // namespace

http::Response render_refusal(const base::Error& error) {
    return json_response(http::status_of(error.reason()), egress_client::refusal_of(error));
}

std::string Endpoint::perform(const egress_client::Envelope& envelope, http::Exchange& exchange) {
    if (auto answer = errands_.perform(envelope)) return *std::move(answer);
    const auto caller = callers_.of(envelope);
    const auto& arguments = envelope.arguments;
    const auto encoded = [](const auto& result) { return schema::dump(schema::encode(result)); };
    if (envelope.operation == "call") {
        return encoded(upstream_.call(caller, schema::decode<egress_client::CallRequest>(arguments),
                                      [&] { return exchange.is_client_gone(); }));
    }
    if (envelope.operation == "start_connection") {
        return encoded(
            upstream_.start_connection(caller, schema::decode<egress_client::ConnectionRequest>(arguments)));
    }
    if (envelope.operation == "explain")
        return encoded(upstream_.explain(caller, schema::decode<egress_client::CallRequest>(arguments)));
    const auto name = schema::decode<egress_client::ServiceName>(arguments).service_name;
    if (envelope.operation == "reveal") return encoded(upstream_.reveal(caller, name));
    if (envelope.operation == "check") return encoded(upstream_.check(caller, name));
    throw base::Error{base::Reason::invalid_input, "invalid_arguments", "there is no such operation"};
}

http::Response Endpoint::answer(const http::Request& request, http::Exchange& exchange) {
    if (request.method != http::Method::post)
        throw base::Error{base::Reason::invalid_input, "method_not_allowed", "egress takes POST alone"};
    if (request.path == egress_client::document_path) {
        const auto asked = schema::decode<egress_client::DocumentRequest>(schema::parse(request.body));
        return json_response(200, schema::dump(schema::encode(documents_.fetch(asked))));
    }
    if (request.path == "/egress/credentials") {
        const auto errand = schema::decode<egress_client::CredentialErrand>(schema::parse(request.body));
        return json_response(200, schema::dump(upstream_.credential_errands().perform(errand)));
    }
    const auto envelope = schema::decode<egress_client::Envelope>(schema::parse(request.body));
    return json_response(200, perform(envelope, exchange));
}

}  // namespace egress
