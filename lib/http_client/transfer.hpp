#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "http_client/client.hpp"
#include "http_client/pool.hpp"

namespace crypto {
class TrustStore;
}
struct curl_slist;

namespace http_client {

/// One request on one handle. The options are set anew each time; nothing is taken over from the request
/// before but the connection.
class Transfer {
public:
    struct Context {
        const AddressGuard& guard;
        const crypto::TrustStore& trust;
        const Pin& pin;
    };

    Transfer(void* handle, const Context& context, const Request& request, const Limits& limits,
             const Hooks& hooks);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Throws as Client::perform.
    Response run();
    /// Whether the connection was left in a state in which it may carry another request.
    bool is_reusable() const noexcept { return is_reusable_; }

private:
    enum class Stop {
        none,
        address_blocked,
        header_too_large,
        body_expands,
        encoding,
        stalled,
        cancelled,
        broken_off
    };

    struct Callbacks;

    void set_protocol();
    void set_request();
    bool is_understood_alike() const;
    void set_fields();
    void set_limits();
    bool may_send() noexcept;
    bool may_connect(const Address& address, std::uint16_t port) const;
    bool take_header(std::string_view line);
    bool take_body(std::string_view piece);
    bool go_on(std::int64_t received);
    bool stop(Stop why) noexcept;
    bool expands_too_much() const;
    void raise(int result) const;
    void raise_if_sent() const;
    [[noreturn]] void raise_stop() const;

    void* handle_;
    Context context_;
    const Request& request_;
    const Limits& limits_;
    const Hooks& hooks_;
    void* url_ = nullptr;
    curl_slist* fields_ = nullptr;
    curl_slist* resolve_ = nullptr;
    Response response_;
    Stop stop_ = Stop::none;
    bool is_reusable_ = false;
    int sent_ = 0;
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    std::chrono::steady_clock::time_point window_start_;
    std::int64_t window_bytes_ = -1;
};

}  // namespace http_client
