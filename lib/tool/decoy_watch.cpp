#include "tool/decoy_watch.hpp"

#include "base/error.hpp"
#include "schema/json.hpp"
#include "vault/decoy.hpp"

namespace tool {

struct DecoyWatch::Known {
    std::vector<vault::Decoy> decoys;
    redaction::Fingerprints fingerprints{vault::decoy_mark_key};

    void add(vault::Decoy decoy) {
        for (const auto& mark : decoy.marks) fingerprints.add(mark, decoys.size());
        decoys.push_back(std::move(decoy));
    }
};

DecoyWatch::DecoyWatch(db::Database& database)
    : database_{database},
      known_{std::make_shared<KnownByWorkspace>()},
      listener_{
          database,
          {"gatehouse_decoy"},
          {.on_notification = [this](const auto&, const auto&) { learn(); }, .on_gap = [this] { learn(); }}} {
}

void DecoyWatch::learn() {
    const std::lock_guard lock{mutex_};
    is_stale_ = true;
}

std::shared_ptr<const DecoyWatch::KnownByWorkspace> DecoyWatch::known() {
    {
        const std::lock_guard lock{mutex_};
        if (!is_stale_) return known_;
        is_stale_ = false;
    }
    auto next = std::make_shared<KnownByWorkspace>();
    try {
        db::Autocommit session{database_, {}};
        for (auto& decoy : vault::list_decoys(session)) (*next)[decoy.workspace].add(std::move(decoy));
    } catch (...) {
        learn();
        throw;
    }
    for (auto& [workspace, known] : *next) known.fingerprints.prepare();
    const std::lock_guard lock{mutex_};
    return known_ = next;
}

void DecoyWatch::check(const auth::Principal& caller, const std::string& place, const json& arguments) {
    const auto workspaces = this->known();
    const auto known = workspaces->find(caller.workspace);
    if (known == workspaces->end()) return;
    const auto found = known->second.fingerprints.find(schema::dump(arguments));
    if (!found) return;
    db::Autocommit session{database_, db::Scope{caller.workspace.uuid()}};
    vault::trip_decoy(session, caller, known->second.decoys[*found], "in an argument of " + place);
    throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                      "the credential is unknown, disabled or expired"};
}

}  // namespace tool
