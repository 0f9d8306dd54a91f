#include "egress_client/errands.hpp"

#include "base/error.hpp"
#include "egress_client/connection.hpp"
#include "egress_client/envelope.hpp"
#include "egress_client/errand_messages.hpp"
#include "egress_client/refusal.hpp"
#include "schema/schema.hpp"

namespace egress_client {
namespace {

constexpr std::chrono::seconds limit{60};

}  // namespace

json Errands::ask(const char* operation, json arguments) {
    const Envelope envelope{.operation = operation,
                            .workspace = {},
                            .credential = {},
                            .proof = {},
                            .arguments = std::move(arguments)};
    Connection connection{socket_};
    const auto answer = connection.post("/egress", schema::dump(schema::encode(envelope)),
                                        std::chrono::steady_clock::now() + limit, {});
    if (answer.status != 200) throw error_of(answer.body);
    return schema::parse(answer.body);
}

void Errands::deliver_mail(const base::Uuid& id) {
    ask("deliver_mail", schema::encode(MailErrand{.id = id.text()}));
}

json Errands::provider_metadata(const std::string& provider) {
    return ask("provider_metadata", schema::encode(ProviderErrand{.provider = provider}));
}

json Errands::provider_keys(const std::string& provider, bool fresh) {
    return ask("provider_keys", schema::encode(ProviderErrand{.provider = provider, .fresh = fresh}));
}

std::string Errands::redeem_provider_code(const ProviderCode& code) {
    return schema::decode<IdTokenAnswer>(
               ask("redeem_provider_code",
                   schema::encode(ProviderCodeErrand{
                       .provider = code.provider, .code = code.code, .code_verifier = code.code_verifier})))
        .id_token;
}

}  // namespace egress_client
