#pragma once

#include "fastcgi/decode.hpp"
#include "fastcgi/output.hpp"
#include "fastcgi/run.hpp"

namespace fastcgi {

/// What answers requests once the process stands.
struct Responder {
    Answer answer;
    RenderError render_error;
};

/// Reads one request, has it answered and sends the answer. Every failure ends here: none is thrown.
/// The caller ends the output.
void answer_one(const Responder& responder, const char* const* parameters, Body body, Output& output);

}  // namespace fastcgi
