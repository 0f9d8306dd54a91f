#pragma once

#include <chrono>
#include <string_view>

#include "http/response.hpp"

namespace http {

/// The body of an answer that is sent piece by piece, such as an event stream.
class Stream {
public:
    virtual ~Stream() = default;
    /// Sends the bytes at once. False when the client has gone; nothing more will arrive then.
    /// Blocks while the client does not read, until nginx gives it up (its send_timeout).
    virtual bool write(std::string_view bytes) = 0;
};

/// The request being answered, seen as a connection: what a handler needs besides the request's values.
/// Used by one thread at a time.
class Exchange {
public:
    virtual ~Exchange() = default;

    /// Sends status and fields now and lets the body follow piece by piece, unbuffered by nginx.
    /// At most once; the Response that answer() returns afterwards is ignored.
    /// A base::Error thrown afterwards only ends the stream: say what failed in the stream first.
    virtual Stream& start_stream(int status, const Fields& fields) = 0;
    virtual bool has_started() const noexcept = 0;

    /// Ends a started stream for the client although answer() goes on: the request's work outlives its
    /// connection. Writes return false from then on. Does nothing before start_stream.
    virtual void finish() = 0;

    /// True once the client, or nginx for it, has closed the connection, and after finish().
    /// Cheap: one system call.
    virtual bool is_client_gone() = 0;

    /// True once the process is asked to stop. What it was given it may finish; what only waits must end.
    virtual bool is_stopping() = 0;

    /// Whether a stream must end, for either reason.
    bool is_over() { return is_stopping() || is_client_gone(); }

    /// The descriptor that becomes readable when is_over() would be true, for poll(2); -1 when there is none
    /// (a finished exchange).
    virtual int descriptor() const noexcept = 0;
};

}  // namespace http
