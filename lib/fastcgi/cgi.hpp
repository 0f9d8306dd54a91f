#pragma once

#include "fastcgi/answer.hpp"

namespace fastcgi {

/// Answers the one request in the environment (RFC 3875); the body is CONTENT_LENGTH bytes of standard input.
void answer_cgi(const Responder& responder);

}  // namespace fastcgi
