#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/session.hpp"
#include "mcp/hub.hpp"

namespace mcp {

/// The longest URI of a resource that may be followed.
inline constexpr std::size_t longest_uri = 2000;

/// Something that clients follow has changed in a workspace. Rows of mcp.change, in an order that every
/// process agrees on.
struct Change {
    enum class Kind { tools, prompts, resources, resource };

    std::int64_t sequence = 0;
    Kind kind = Kind::tools;
    std::string uri;  ///< of a changed resource
};

/// Tells every process. Returns once committed; who follows hears of it at once.
void publish_change(db::Session& session, Change::Kind kind, std::string_view uri = {});

/// The notification's method, such as notifications/tools/list_changed.
std::string_view notification_of(Change::Kind kind) noexcept;

/// The changes of one workspace, each once, from a moment on.
class ChangeFeed {
public:
    /// Follows from now on, or from behind `since`.
    ChangeFeed(db::Session& session, Hub::Mailbox& mailbox, const base::Uuid& workspace,
               std::optional<std::int64_t> since = {});

    /// What has changed since the last time.
    std::vector<Change> take();
    std::int64_t sequence() const noexcept { return sequence_; }

private:
    db::Session& session_;
    std::int64_t sequence_;
};

}  // namespace mcp
