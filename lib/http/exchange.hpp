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
    virtual bool write(std::string_view bytes) = 0;
};

/// The request being answered, seen as a connection: what a handler needs besides the request's values.
class Exchange {
public:
    virtual ~Exchange() = default;

    /// Sends status and fields now and lets the body follow piece by piece, unbuffered by nginx.
    /// At most once; the Response that answer() returns afterwards is ignored.
    virtual Stream& start_stream(int status, const Fields& fields) = 0;
    virtual bool has_started() const noexcept = 0;

    /// Ends the answer for the client although answer() goes on: the request's work outlives its connection.
    virtual void finish() = 0;

    /// True once the client, or nginx for it, has closed the connection or the process is asked to stop.
    /// Cheap.
    virtual bool is_gone() = 0;

    /// The descriptor that becomes readable when the client goes, for poll(2); -1 when there is none.
    virtual int descriptor() const noexcept = 0;
};

}  // namespace http
