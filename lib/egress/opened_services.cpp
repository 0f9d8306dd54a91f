#include "egress/opened_services.hpp"

namespace egress {
namespace {

constexpr std::chrono::seconds longest{1};
constexpr std::size_t most = 1000;

std::string key_of(const Caller& caller, const std::string& name) {
    return caller.workspace.text() + caller.credential.text() + std::to_string(caller.proof.size()) + ':' +
           caller.proof + name;
}

}  // namespace

OpenedServices::OpenedServices(db::Database& database)
    : database_{database},
      known_{database,
             {"gatehouse_credential", "gatehouse_service", "gatehouse_secret", "gatehouse_vault_key",
              "gatehouse_budget"},
             longest,
             most} {}

OpenedServices::Shared OpenedServices::open(const Caller& caller, const std::string& name) {
    const auto key = key_of(caller, name);
    if (auto known = known_.find(key)) return *std::move(known);
    const auto asked = known_.ask();
    auto opened = std::make_shared<const OpenedService>(open_service(database_, caller, Need::write, name));
    if (!opened->token) known_.remember(key, opened, asked);
    return opened;
}

}  // namespace egress
