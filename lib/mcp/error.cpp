#include "mcp/error.hpp"

#include "schema/json.hpp"

namespace mcp {

void refuse_params(const std::string& message) { throw jsonrpc::Error{jsonrpc::invalid_params, message}; }

jsonrpc::Error protocol_error_of(const base::Error& error) {
    const jsonrpc::json data{{"code", error.code()}};
    switch (error.reason()) {
        case base::Reason::invalid_input:
        case base::Reason::not_found:
        case base::Reason::conflict:
            return {jsonrpc::invalid_params, error.what(), data};
        // Clients show the message and hide the status.
        case base::Reason::unauthenticated:
            return {jsonrpc::invalid_request, std::string{"unauthorized: "} + error.what(), data};
        case base::Reason::forbidden:
        case base::Reason::insufficient_scope:
        case base::Reason::too_large:
        case base::Reason::rate_limited:
            return {jsonrpc::invalid_request, error.what(), data};
        case base::Reason::upstream_failed:
        case base::Reason::unavailable:
        case base::Reason::internal:
            return {jsonrpc::internal_error, error.what(), data};
    }
    return {jsonrpc::internal_error, error.what(), data};
}

int status_of(const base::Error& error) noexcept {
    // The handler behind this one broke off: as nginx says it when this one does.
    if (error.code() == "egress_unavailable") return 502;
    switch (error.reason()) {
        case base::Reason::invalid_input:
            return 400;
        case base::Reason::unauthenticated:
            return 401;
        case base::Reason::forbidden:
        case base::Reason::insufficient_scope:
            return 403;
        case base::Reason::not_found:
            return 404;
        case base::Reason::conflict:
            return 409;
        case base::Reason::too_large:
            return 413;
        case base::Reason::rate_limited:
            return 429;
        case base::Reason::upstream_failed:
            return 502;
        case base::Reason::unavailable:
            return 503;
        case base::Reason::internal:
            return 500;
    }
    return 500;
}

int status_of(const jsonrpc::Error& error, Revision revision) noexcept {
    if (dynamic_cast<const MalformedRequest*>(&error) != nullptr) return 400;
    if (error.code() == jsonrpc::parse_error || error.code() == jsonrpc::invalid_request) return 400;
    if (!is_modern(revision)) return 200;
    switch (error.code()) {
        case header_mismatch:
        case missing_client_capability:
        case unsupported_protocol_version:
            return 400;
        case jsonrpc::method_not_found:
            return 404;
        case jsonrpc::internal_error:
            return 500;
        default:
            return 200;
    }
}

http::Response error_answer(int status, const jsonrpc::Error& error, jsonrpc::json id, Revision revision) {
    const bool is_left_out = id.is_null() && revision >= Revision::r2025_11_25;
    auto response = jsonrpc::error_response(std::move(id), error);
    if (is_left_out) response.erase("id");
    return {
        .status = status, .fields = {{"Content-Type", "application/json"}}, .body = schema::dump(response)};
}

Revision spoken_in(const http::Request& request) noexcept {
    return revision_of(request.field("mcp-protocol-version")).value_or(Revision::r2026_07_28);
}

http::Response render_error(const base::Error& error) {
    return render_error(error, nullptr, Revision::r2026_07_28);
}

http::Response render_error(const base::Error& error, jsonrpc::json id, Revision revision) {
    auto answer = error_answer(status_of(error), protocol_error_of(error), std::move(id), revision);
    if (answer.status == 429 || answer.status == 503) answer.fields.emplace_back("Retry-After", "1");
    return answer;
}

}  // namespace mcp
