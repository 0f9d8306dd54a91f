#pragma once

#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace account_messages {

/// Where the account handler exchanges a password for a short user token, on nginx's internal listener alone.
/// A failure is a refusal as egress_client/refusal.hpp spells it.
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

}  // namespace account_messages
