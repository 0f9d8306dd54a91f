#pragma once

#include "egress_client/messages.hpp"

namespace egress_client {

struct ExplainedCheck {
    std::string rule;
    bool passed = true;
    std::string detail;

    static constexpr auto fields = std::tuple{
        schema::field("rule", &ExplainedCheck::rule, "What was looked at."),
        schema::field("passed", &ExplainedCheck::passed, "Whether the request may go on."),
        schema::field("detail", &ExplainedCheck::detail, "Why."),
    };
};

/// A request as it would be sent, with {names} where secrets go.
struct ExplainedRequest {
    std::string method;
    std::string url;
    Texts headers;
    std::optional<std::string> body;

    static constexpr auto fields = std::tuple{
        schema::field("method", &ExplainedRequest::method, "The method."),
        schema::field("url", &ExplainedRequest::url, "The URL in the form that is sent."),
        schema::field("headers", &ExplainedRequest::headers, "The headers."),
        schema::field("body", &ExplainedRequest::body, "The body."),
    };
};

/// What a call would do, found out without doing it.
struct Explanation {
    std::string decision;
    std::optional<std::string> code;
    std::optional<std::string> reason;
    std::vector<ExplainedCheck> checks;
    std::optional<ExplainedRequest> request;
    std::vector<RateLimit> budgets;
    std::vector<std::string> response;

    static constexpr auto fields = std::tuple{
        schema::field("decision", &Explanation::decision, "allowed, needs_approval or denied."),
        schema::field("code", &Explanation::code, "The refusal's stable code."),
        schema::field("reason", &Explanation::reason, "What would help."),
        schema::field("checks", &Explanation::checks, "Every rule, in the order in which they decide."),
        schema::field("request", &Explanation::request, "What would be sent; absent when it cannot be made."),
        schema::field("budgets", &Explanation::budgets, "What the upstream still allows."),
        schema::field("response", &Explanation::response, "What of the answer comes back; empty: all of it."),
    };
};

}  // namespace egress_client
