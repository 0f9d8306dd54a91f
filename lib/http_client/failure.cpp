#include <curl/curl.h>

#include "base/error.hpp"
#include "http_client/transfer.hpp"

namespace http_client {

using base::Error;
using base::Reason;

/// A failure to connect after the request was sent once, on a kept connection that then ended: to whoever
/// decides whether to repeat it, it must not look like a request that was never sent.
void Transfer::raise_if_sent() const {
    if (sent_ == 0) return;
    throw Error{Reason::upstream_failed, "upstream_protocol_error",
                request_.url.host + " broke off the connection; whether it acted on the request is unknown"};
}

void Transfer::raise_stop() const {
    const auto& host = request_.url.host;
    switch (stop_) {
        case Stop::none:
            break;
        case Stop::address_blocked:
            raise_if_sent();
            throw Error{Reason::forbidden, "address_blocked",
                        host + " has an address that may not be reached from here"};
        case Stop::header_too_large:
            throw Error{Reason::too_large, "response_too_large", host + " sent too many or too long headers"};
        case Stop::body_expands:
            throw Error{Reason::too_large, "response_too_large",
                        host + " sent a compressed body that expands beyond measure"};
        case Stop::encoding:
            throw Error{Reason::upstream_failed, "upstream_protocol_error",
                        host + " answered in an encoding that was not asked for"};
        case Stop::stalled:
            throw Error{Reason::upstream_failed, "upstream_timeout",
                        host + " stopped sending before its answer was complete"};
        case Stop::cancelled:
            throw Error{Reason::unavailable, "cancelled", "the call was cancelled"};
        case Stop::broken_off:
            raise_if_sent();
    }
    throw Error{Reason::internal, "internal_error", "the call failed"};
}

void Transfer::raise(int result) const {
    const auto& host = request_.url.host;
    const std::string detail = curl_easy_strerror(static_cast<CURLcode>(result));
    switch (result) {
        case CURLE_OPERATION_TIMEDOUT:
            throw Error{Reason::upstream_failed, "upstream_timeout", host + " did not answer in time",
                        detail};
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
            raise_if_sent();
            throw Error{Reason::upstream_failed, "upstream_unreachable", host + " cannot be reached", detail};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_ISSUER_ERROR:
            raise_if_sent();
            throw Error{Reason::upstream_failed, "upstream_tls_failed",
                        "no trusted TLS connection to " + host + " can be made", detail};
        case CURLE_OUT_OF_MEMORY:
            throw std::bad_alloc{};
        default:
            throw Error{Reason::upstream_failed, "upstream_protocol_error",
                        host + " broke off or did not answer as HTTP asks", detail};
    }
}

}  // namespace http_client
