#include "account_messages/exchange.hpp"

#include "account_rest/api.hpp"
#include "base/error.hpp"
#include "egress_client/refusal.hpp"
#include "http/problem.hpp"
#include "schema/schema.hpp"

namespace account_rest {
namespace {

constexpr std::chrono::seconds lifetime{600};

http::Response answer_with(int status, std::string body) {
    return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

}  // namespace

http::Response Api::exchange(const http::Request& request) {
    try {
        auto asked = schema::decode<account_messages::Exchange>(schema::parse(request.body));
        const auto first =
            accounts_.check_password(asked.email, base::Secret::take(asked.password), {asked.address, {}});
        if (first.wants_second) {
            throw base::Error{base::Reason::unauthenticated, "two_factor_required",
                              "two-factor sign-in is on: get a user token with a code and send that"};
        }
        const auto token = tokens_.issue(first.user, {"pwd"}, lifetime);
        return answer_with(200, schema::dump(schema::encode(account_messages::ExchangedToken{token.text})));
    } catch (const base::Error& error) {
        return answer_with(http::status_of(error.reason()), egress_client::refusal_of(error));
    }
}

}  // namespace account_rest
