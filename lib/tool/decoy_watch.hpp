#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "db/listener.hpp"
#include "tool/call.hpp"

namespace tool {

/// Knows the values of all decoys and looks for them in the arguments of every call. Costs nothing while
/// there are none; learns of new ones when they are made.
class DecoyWatch {
public:
    explicit DecoyWatch(db::Database& database);

    /// Blocks the caller's credential and throws base::Error (unauthenticated, "credential_invalid") when an
    /// argument holds a decoy of the caller's workspace, in whatever form. `place`: the tool or method they
    /// are for, for the alert.
    void check(const auth::Principal& caller, const std::string& place, const json& arguments);

private:
    struct Known;
    using KnownByWorkspace = std::map<auth::WorkspaceId, Known>;

    void learn();
    std::shared_ptr<const KnownByWorkspace> known();

    db::Database& database_;
    std::mutex mutex_;
    bool is_stale_ = true;
    std::shared_ptr<const KnownByWorkspace> known_;
    db::Listener listener_;
};

}  // namespace tool
