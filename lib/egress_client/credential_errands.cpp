#include "egress_client/credential_errands.hpp"

#include "egress_client/egress.hpp"
#include "schema/schema.hpp"

namespace egress_client {
namespace {

constexpr std::chrono::milliseconds errand_limit{40000};

}  // namespace

json Egress::run(const char* operation, json arguments) {
    const CredentialErrand errand{.operation = operation, .arguments = std::move(arguments)};
    return post("/egress/credentials", schema::encode(errand), errand_limit, {});
}

void Egress::renew(const std::string& workspace, const std::string& service) {
    run("renew", schema::encode(HeldService{workspace, service}));
}

void Egress::revoke(const std::string& workspace, const std::string& service) {
    run("revoke", schema::encode(HeldService{workspace, service}));
}

ConnectionView Egress::look_at(const std::string& ticket) {
    return schema::decode<ConnectionView>(run("look_at", schema::encode(ConnectionTicket{ticket})));
}

Departure Egress::depart(const std::string& ticket) {
    return schema::decode<Departure>(run("depart", schema::encode(ConnectionTicket{ticket})));
}

Arrived Egress::arrive(const Arrival& arrival) {
    return schema::decode<Arrived>(run("arrive", schema::encode(arrival)));
}

}  // namespace egress_client
