#include "egress_client/refusal.hpp"

#include <array>

#include "egress_client/envelope.hpp"
#include "schema/schema.hpp"

namespace egress_client {
namespace {

using base::Reason;

constexpr std::array names{
    std::pair{Reason::invalid_input, "invalid_input"},
    std::pair{Reason::unauthenticated, "unauthenticated"},
    std::pair{Reason::forbidden, "forbidden"},
    std::pair{Reason::insufficient_scope, "insufficient_scope"},
    std::pair{Reason::not_found, "not_found"},
    std::pair{Reason::conflict, "conflict"},
    std::pair{Reason::too_large, "too_large"},
    std::pair{Reason::rate_limited, "rate_limited"},
    std::pair{Reason::upstream_failed, "upstream_failed"},
    std::pair{Reason::unavailable, "unavailable"},
    std::pair{Reason::internal, "internal"},
};

}  // namespace

std::string refusal_of(const base::Error& error) {
    Refusal refusal{.reason = "internal", .code = error.code(), .message = error.what()};
    for (const auto& [reason, name] : names) {
        if (reason == error.reason()) refusal.reason = name;
    }
    return schema::dump(schema::encode(refusal));
}

base::Error error_of(const std::string& text) {
    try {
        const auto refusal = schema::decode<Refusal>(schema::parse(text));
        for (const auto& [reason, name] : names) {
            if (refusal.reason == name) return {reason, refusal.code, refusal.message};
        }
    } catch (const base::Error&) {
    }
    return {Reason::unavailable, "egress_unavailable", "the egress handler gave no usable answer"};
}

}  // namespace egress_client
