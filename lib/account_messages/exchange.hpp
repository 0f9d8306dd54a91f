#pragma once

#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace account_messages {

/// Where the account handler exchanges a password for a short user token, on nginx's internal listener alone.
/// A failure is a refusal as egress_client/refusal.hpp spells it; too many attempts are 429 and Throttled.
inline constexpr const char* exchange_path = "/internal/user-token";

struct Exchange {
    std::string email;
    std::string password;
    std::string address;

    static constexpr auto fields = std::tuple{
        schema::field("email", &Exchange::email, "The mail address.", {0, 4096}),
        schema::field("password", &Exchange::password, "The password.", {0, 4096}),
        schema::field("address", &Exchange::address, "From where the request came.", {0, 64}),
    };
};

struct ExchangedToken {
    std::string token;

    static constexpr auto fields = std::tuple{
        schema::field("token", &ExchangedToken::token, "A user token, good for ten minutes."),
    };
};

struct Throttled {
    std::string message;
    int retry_after = 1;

    static constexpr auto fields = std::tuple{
        schema::field("message", &Throttled::message, "Why, in words."),
        schema::field("retry_after", &Throttled::retry_after, "Seconds until the next attempt may be made."),
    };
};

}  // namespace account_messages
