#pragma once

#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace egress_client {

struct MailErrand {
    std::string id;

    static constexpr auto fields =
        std::tuple{schema::field("id", &MailErrand::id, "The mail's uuid.", {36, 36})};
};

struct ProviderErrand {
    std::string provider;
    bool fresh = false;

    static constexpr auto fields = std::tuple{
        schema::field("provider", &ProviderErrand::provider, "The provider's configured name.", {1, 64}),
        schema::field("fresh", &ProviderErrand::fresh, "Whether to ask anew."),
    };
};

struct ProviderCodeErrand {
    std::string provider;
    std::string code;
    std::string code_verifier;

    static constexpr auto fields = std::tuple{
        schema::field("provider", &ProviderCodeErrand::provider, "The provider's configured name.", {1, 64}),
        schema::field("code", &ProviderCodeErrand::code, "The authorization code.", {1, 4096}),
        schema::field("code_verifier", &ProviderCodeErrand::code_verifier, "RFC 7636.", {43, 128}),
    };
};

struct IdTokenAnswer {
    std::string id_token;

    static constexpr auto fields =
        std::tuple{schema::field("id_token", &IdTokenAnswer::id_token, "The id token.")};
};

}  // namespace egress_client
