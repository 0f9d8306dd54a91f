#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/response.hpp"

namespace http {

/// The status code of a failure outside MCP and OAuth.
int status_of(base::Reason reason) noexcept;
/// The reason phrase of RFC 9110 section 15, such as "Not Found"; "Error" for an unlisted status.
std::string_view reason_phrase(int status) noexcept;

/// One thing wrong with one part of a request: a JSON pointer or parameter name, and what is wrong with it.
struct InvalidPart {
    std::string field;
    std::string message;
};

/// An RFC 9457 problem: application/problem+json with title, status, detail and the stable `code`, and
/// `errors` when parts are named. `type` is left out, which means about:blank.
struct Problem {
    int status = 500;
    std::string code;
    std::string detail;
    std::vector<InvalidPart> errors;
};

Response render(const Problem& problem);

/// The problem that a failure is; 503 and 429 carry Retry-After: 1. The error's detail() stays out of it.
Response render_problem(const base::Error& error);

}  // namespace http
