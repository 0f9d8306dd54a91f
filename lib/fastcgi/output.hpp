#pragma once

#include <string_view>

namespace fastcgi {

/// Where an answer goes: a FastCGI connection or CGI's standard output.
class Output {
public:
    virtual ~Output() = default;
    /// False when the other side has gone. The bytes may wait for flush().
    virtual bool write(std::string_view bytes) = 0;
    virtual bool flush() = 0;
    /// Ends the answer; nothing is written after it. May be called again.
    virtual void end() = 0;
    virtual bool is_closed() = 0;
    /// Whether the process is asked to stop.
    virtual bool is_stopping() = 0;
    /// Becomes readable on either; -1 when there is none.
    virtual int descriptor() = 0;
};

}  // namespace fastcgi
