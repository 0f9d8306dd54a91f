#pragma once

#include <string>

#include "base/error.hpp"
#include "egress/budget.hpp"
#include "egress/gate.hpp"
#include "egress_client/explanation.hpp"

namespace egress {

/// The explanation of a plan: what admit() would say of it, and the request with {names} where secrets go.
egress_client::Explanation explanation_of(const Plan& plan, const OpenedService& opened,
                                          const vault::Connector& connector,
                                          std::vector<KnownBudget> budgets);

/// The explanation of a request that cannot even be made.
egress_client::Explanation explanation_of(const base::Error& refusal);

}  // namespace egress
