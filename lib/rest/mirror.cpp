#include "rest/mirror.hpp"

#include "base/error.hpp"
#include "http/problem.hpp"
#include "rest/arguments.hpp"
#include "tool/invoke.hpp"

namespace rest {
namespace {

/// A REST caller waits for one answer: progress and log messages have nowhere to go.
class RestPeer : public tool::Peer {
public:
    explicit RestPeer(http::Exchange& exchange) : exchange_{exchange} {}
    void progress(double, std::optional<double>, const std::string&) override {}
    void log(const std::string&, const std::string&, const tool::json&) override {}
    bool is_cancelled() override { return exchange_.is_client_gone(); }
    bool can_answer(const std::string&) const override { return false; }

private:
    http::Exchange& exchange_;
};

http::Response response_of(tool::Outcome outcome) {
    if (std::holds_alternative<tool::InputRequired>(outcome)) {
        throw base::Error{base::Reason::conflict, "input_required",
                          "this call needs an answer from a person and can only be made over MCP"};
    }
    auto& result = std::get<tool::Result>(outcome);
    if (result.is_error) {
        throw base::Error{base::Reason::invalid_input, "invalid_arguments", schema::dump(result.content)};
    }
    return {
        .status = 200,
        .fields = {{"content-type", "application/json"}, {"cache-control", "no-store"}},
        .body = result.text ? result.text->line : std::string{},
    };
}

/// Where REST says it more exactly than the reason does; 0 elsewhere.
int special_status_of(const std::string& code) {
    if (code == "invalid_arguments") return 422;
    if (code == "method_not_allowed_here") return 405;
    if (code == "content_type_unsupported") return 415;
    if (code == "egress_unavailable") return 502;
    return 0;
}

void allow(std::string& allowed, http::Method method) {
    if (!allowed.empty()) allowed += ", ";
    allowed += http::text_of(method);
    if (method == http::Method::get) allowed += ", HEAD";
}

http::Response refuse_method(const std::string& allowed) {
    auto answer = render_error(
        base::Error{base::Reason::invalid_input, "method_not_allowed_here", "this path has no such method"});
    answer.fields.emplace_back("allow", allowed);
    return answer;
}

}  // namespace

http::Response Mirror::answer(const http::Request& request, const auth::Principal& principal,
                              http::Exchange& exchange) const {
    const auto path = std::string_view{request.path}.substr(base_path.size());
    // HEAD is GET without its body, which nginx leaves out (RFC 9110 section 9.3.2).
    const auto method = request.method == http::Method::head ? http::Method::get : request.method;
    std::string allowed;
    for (const auto& tool : tools_) {
        const auto arguments = match(tool.route.path, path);
        if (!arguments) continue;
        if (tool.route.method != method) {
            allow(allowed, tool.route.method);
            continue;
        }
        RestPeer peer{exchange};
        tool::Call call{principal, environment_, peer};
        return response_of(
            tool::invoke(tool, arguments_of(tool, request, *arguments), call, tool::Channel::rest));
    }
    if (!allowed.empty()) return refuse_method(allowed);
    throw base::Error{base::Reason::not_found, "route_not_found", "there is nothing at this path"};
}

http::Response render_error(const base::Error& error) {
    const int status = special_status_of(error.code());
    if (status == 0) return http::render_problem(error);
    return http::render(http::Problem{.status = status, .code = error.code(), .detail = error.what()});
}

}  // namespace rest
