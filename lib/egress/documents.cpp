#include "egress/documents.hpp"

#include "base/error.hpp"

namespace egress {
namespace {

/// A document and then its keys, within the ten seconds that clients wait.
constexpr http_client::Limits limits{
    .connect = std::chrono::milliseconds{2500}, .total = std::chrono::milliseconds{4000}, .body = 5 * 1024};

}  // namespace

Documents::Documents(const base::Config& config)
    : client_{http_client::AddressGuard{config.egress.allow}, config.egress.ca} {}

egress_client::Document Documents::fetch(const egress_client::DocumentRequest& request) {
    http_client::Request sent;
    sent.method = http_syntax::find_method("GET");
    sent.url = http_syntax::parse_url(request.url);
    if (sent.url.scheme != "https")
        throw base::Error{base::Reason::invalid_input, "invalid_url", "the document's URL must be https"};
    sent.fields.push_back({"Accept", base::Secret{"application/json"}});
    const auto answer = client_.perform(sent, limits);
    if (answer.truncated)
        throw base::Error{base::Reason::too_large, "response_too_large", "the document is longer than 5 KB"};
    return {.status = answer.status,
            .content_type = std::string{answer.field("content-type")},
            .cache_control = std::string{answer.field("cache-control")},
            .body = answer.body};
}

}  // namespace egress
