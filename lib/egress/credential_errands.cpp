#include "egress/credential_errands.hpp"

#include "base/error.hpp"
#include "schema/schema.hpp"
#include "vault_grant/revoking.hpp"

namespace egress {
namespace {

using egress_client::ConnectionTicket;
using egress_client::HeldService;
using egress_client::json;

std::optional<vault_grant::Holder> find(const CredentialErrands::Means& means, const HeldService& held) {
    const auto workspace = auth::WorkspaceId::parse(held.workspace);
    const auto service = vault::ServiceId::parse(held.service);
    if (!workspace || !service) return std::nullopt;
    return vault_grant::find_holder(means.database, means.connectors, *workspace, *service);
}

}  // namespace

CredentialErrands::CredentialErrands(const Means& means, const base::Config& config)
    : means_{means}, connecting_{means.database, means.key_encryption, means.connectors,
                                 means.client,   config.keys.vault,    config.public_url} {}

void CredentialErrands::renew(const HeldService& held) {
    const auto holder = find(means_, held);
    if (holder && holder->method->grant && holder->service.state == vault::ServiceState::active)
        means_.tokens.renew_due(*holder);
}

void CredentialErrands::revoke(const HeldService& held) {
    if (const auto holder = find(means_, held))
        vault_grant::revoke_due(means_.database, means_.key_encryption, means_.client, *holder);
}

egress_client::ConnectionView CredentialErrands::look_at(const std::string& ticket) {
    const auto view = connecting_.look_at(ticket);
    return {view.service_name, view.connector, view.workspace, view.host};
}

json CredentialErrands::perform(const egress_client::CredentialErrand& errand) {
    const auto& [operation, arguments] = errand;
    if (operation == "renew") return renew(schema::decode<HeldService>(arguments)), json::object();
    if (operation == "revoke") return revoke(schema::decode<HeldService>(arguments)), json::object();
    if (operation == "look_at")
        return schema::encode(look_at(schema::decode<ConnectionTicket>(arguments).ticket));
    if (operation == "depart") {
        auto departure = connecting_.depart(schema::decode<ConnectionTicket>(arguments).ticket);
        return schema::encode(
            egress_client::Departure{std::move(departure.url), std::move(departure.cookie)});
    }
    if (operation == "arrive") {
        const auto arrival = schema::decode<egress_client::Arrival>(arguments);
        return schema::encode(egress_client::Arrived{connecting_.arrive(
            {arrival.state, arrival.code, arrival.error, arrival.issuer, arrival.cookie})});
    }
    throw base::Error{base::Reason::invalid_input, "invalid_arguments", "there is no such errand"};
}

}  // namespace egress
