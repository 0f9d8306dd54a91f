#include "tool/decoy_watch.hpp"

#include "base/error.hpp"
#include "schema/json.hpp"
#include "vault/decoy.hpp"

namespace tool {

struct DecoyWatch::Known {
    std::vector<vault::Decoy> decoys;
    redaction::Fingerprints fingerprints{vault::decoy_mark_key};
};

DecoyWatch::DecoyWatch(db::Database& database)
    : database_{database},
      known_{std::make_shared<Known>()},
      listener_{
          database,
          {"gatehouse_decoy"},
          {.on_notification = [this](const auto&, const auto&) { learn(); }, .on_gap = [this] { learn(); }}} {
}

void DecoyWatch::learn() {
    const std::lock_guard lock{mutex_};
    is_stale_ = true;
}

std::shared_ptr<const DecoyWatch::Known> DecoyWatch::known() {
    {
        const std::lock_guard lock{mutex_};
        if (!is_stale_) return known_;
        is_stale_ = false;
    }
    auto next = std::make_shared<Known>();
    try {
        db::Autocommit session{database_, {}};
        next->decoys = vault::list_decoys(session);
    } catch (...) {
        learn();
        throw;
    }
    for (std::size_t i = 0; i < next->decoys.size(); ++i) {
        for (const auto& mark : next->decoys[i].marks) next->fingerprints.add(mark, i);
    }
    next->fingerprints.prepare();
    const std::lock_guard lock{mutex_};
    return known_ = next;
}

void DecoyWatch::check(const auth::Principal& caller, const std::string& tool, const json& arguments) {
    const auto known = this->known();
    if (known->decoys.empty()) return;
    const auto found = known->fingerprints.find(schema::dump(arguments));
    if (!found || known->decoys[*found].workspace != caller.workspace) return;
    db::Autocommit session{database_, db::Scope{caller.workspace.uuid()}};
    vault::trip_decoy(session, caller, known->decoys[*found], "in an argument of " + tool);
    throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                      "the credential is unknown, disabled or expired"};
}

}  // namespace tool
