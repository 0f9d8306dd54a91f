#pragma once

#include <fcgiapp.h>

#include "fastcgi/decode.hpp"
#include "fastcgi/output.hpp"
#include "fastcgi/poller.hpp"

namespace fastcgi {

/// One request on one FastCGI connection. A thread keeps one of these and begins it anew for each request.
class Connection final : public Output {
public:
    explicit Connection(Poller& poller);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Takes the connection over and reads the head of its next request.
    /// False when there is none; the connection is closed then.
    bool begin(int descriptor);
    const char* const* parameters() const noexcept { return request_.envp; }
    Body read_body();

    bool write(std::string_view bytes) override;
    bool flush() override;
    /// Ends the answer and gives the connection back to the poller, or closes it.
    void end() override;
    bool is_closed() override;
    bool is_stopping() override { return poller_.is_stopping(); }
    int descriptor() override;

private:
    void forget_watch();

    Poller& poller_;
    FCGX_Request request_{};
    bool is_kept_ = false;
    int watch_ = -1;  // an epoll of this connection and the poller's stop, made when asked for
};

}  // namespace fastcgi
