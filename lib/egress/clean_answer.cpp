#include "egress/clean_answer.hpp"

#include "base/error.hpp"
#include "redaction/stream.hpp"

namespace egress {
namespace {

http_client::Response receive(http_client::Client& client, const http_client::Request& request,
                              const http_client::Limits& limits, const http_client::Hooks& hooks,
                              const redaction::Patterns& patterns) {
    try {
        return client.perform(request, limits, hooks);
    } catch (const base::Error& error) {
        std::string message = error.what();
        std::string detail = error.detail();
        if (redact(patterns, message) + redact(patterns, detail) == 0) throw;
        throw base::Error{error.reason(), error.code(), message, detail};
    }
}

}  // namespace

CleanAnswer perform_clean(http_client::Client& client, const http_client::Request& request,
                          const redaction::Patterns& patterns, std::chrono::milliseconds limit,
                          const std::function<bool()>& is_cancelled) {
    http_client::Limits limits;
    limits.total = limit;
    const auto most = limits.body;
    limits.body += patterns.reach();  // so that a secret across the cut is seen whole

    redaction::Stream stream{patterns};
    std::string body;
    const http_client::Hooks hooks{.is_cancelled = is_cancelled, .on_body = [&](std::string_view piece) {
                                       stream.feed(piece, body);
                                       return true;
                                   }};
    CleanAnswer answer{receive(client, request, limits, hooks, patterns), 0};
    answer.response.truncated ? stream.cut(body) : stream.finish(body);
    if (body.size() > most) {
        body.resize(most);
        answer.response.truncated = true;
    }
    answer.response.body = std::move(body);
    answer.redactions = stream.hits();
    return answer;
}

}  // namespace egress
