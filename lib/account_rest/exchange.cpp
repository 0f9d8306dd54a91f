#include "account_messages/exchange.hpp"

#include "account/throttle.hpp"
#include "account_rest/api.hpp"
#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "egress_client/refusal.hpp"
#include "http/problem.hpp"
#include "schema/schema.hpp"

namespace account_rest {
namespace {

constexpr std::chrono::seconds lifetime{600};

http::Response answer_with(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

/// A program has no cookie: it is known by the network it was let in from.
account::Visitor program_at(const std::string& address) {
    return {.address = address,
            .browser_sha256 = crypto::sha256("program at " + account::network_of(address))};
}

}  // namespace

http::Response Api::exchange(const http::Request& request) {
    try {
        auto asked = schema::decode<account_messages::Exchange>(schema::parse(request.body));
        const auto visitor = program_at(asked.address);
        const auto first = accounts_.check_password(asked.email, base::Secret::take(asked.password), visitor);
        if (first.wants_second) {
            throw base::Error{base::Reason::unauthenticated, "two_factor_required",
                              "two-factor sign-in is on: get a user token with a code and send that"};
        }
        accounts_.remember_visitor(first.user, visitor);
        const auto token = tokens_.issue(first, {"pwd"}, lifetime);
        return answer_with(200, schema::dump(schema::encode(account_messages::ExchangedToken{token.text})));
    } catch (const account::TooManyAttempts& error) {
        return answer_with(429, schema::dump(schema::encode(account_messages::Throttled{
                                    error.what(), static_cast<int>(error.retry_after().count())})));
    } catch (const base::Error& error) {
        return answer_with(http::status_of(error.reason()), egress_client::refusal_of(error));
    }
}

}  // namespace account_rest
