#pragma once

#include <chrono>
#include <string>

#include "base/error.hpp"
#include "http_client/client.hpp"
#include "security/world.hpp"

namespace test {

/// The one world of the program.
struct SharedWorld {
    World world;
    SharedWorld() { the = &world; }
    static inline World* the = nullptr;
};

inline http_client::Request get(const std::string& url, const std::string& pool_key = "") {
    http_client::Request request;
    request.method = http_syntax::find_method("GET");
    request.url = http_syntax::parse_url(url);
    request.pool_key = pool_key;
    return request;
}

struct Fixture {
    World& world = *SharedWorld::the;
    http_client::Client client{http_client::AddressGuard{}, world.ca(), world.resolver()};

    /// The code of the refusal, or the status.
    std::string outcome(const http_client::Request& request, const http_client::Limits& limits = {},
                        const http_client::Hooks& hooks = {}) {
        return outcome_of(client, request, limits, hooks);
    }

    static std::string outcome_of(http_client::Client& with, const http_client::Request& request,
                                  const http_client::Limits& limits = {},
                                  const http_client::Hooks& hooks = {}) {
        try {
            return std::to_string(with.perform(request, limits, hooks).status);
        } catch (const base::Error& error) {
            return error.code();
        }
    }
};

inline std::string refusal_of_url(const std::string& text) {
    try {
        http_syntax::parse_url(text);
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
}

}  // namespace test
