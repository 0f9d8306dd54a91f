#include "http/problem.hpp"

#include "http/json_text.hpp"

namespace http {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
}

void append_errors(std::string& out, const std::vector<InvalidPart>& errors) {
    out += ",\"errors\":[";
    for (const auto& part : errors) {
        if (&part != &errors.front()) out += ',';
        out += '{';
        append_member(out, "field", part.field);
        out += ',';
        append_member(out, "message", part.message);
        out += '}';
    }
    out += ']';
}

}  // namespace

int status_of(base::Reason reason) noexcept {
    using enum base::Reason;
    switch (reason) {
        case invalid_input:
            return 400;
        case unauthenticated:
            return 401;
        case forbidden:
        case insufficient_scope:
            return 403;
        case not_found:
            return 404;
        case conflict:
            return 409;
        case too_large:
            return 413;
        case rate_limited:
            return 429;
        case upstream_failed:
            return 502;
        case unavailable:
            return 503;
        case internal:
            return 500;
    }
    return 500;
}

std::string_view reason_phrase(int status) noexcept {
    static constexpr std::pair<int, std::string_view> phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (const auto& [code, phrase] : phrases)
        if (code == status) return phrase;
    return "Error";
}

Response render(const Problem& problem) {
    std::string body = "{";
    append_member(body, "title", reason_phrase(problem.status));
    body += ",\"status\":" + std::to_string(problem.status) + ',';
    append_member(body, "detail", problem.detail);
    body += ',';
    append_member(body, "code", problem.code);
    if (!problem.errors.empty()) append_errors(body, problem.errors);
    body += '}';
    Response response{.status = problem.status,
                      .fields = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
                      .body = std::move(body)};
    if (problem.status == 503 || problem.status == 429) response.fields.emplace_back("Retry-After", "1");
    return response;
}

Response render_problem(const base::Error& error) {
    return render(
        {.status = status_of(error.reason()), .code = error.code(), .detail = error.what(), .errors = {}});
}

}  // namespace http
