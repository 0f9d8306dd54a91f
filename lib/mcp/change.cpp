#include "mcp/change.hpp"

namespace mcp {
namespace {

constexpr db::Statement publish{"mcp_publish_change", "SELECT mcp.publish_change($1, nullif($2, ''))"};
constexpr db::Statement newest{"mcp_newest_change", "SELECT coalesce(max(id), 0) FROM mcp.change"};
constexpr db::Statement since{"mcp_changes_since",
                              "SELECT id, kind, coalesce(uri, '') FROM mcp.change WHERE id > $1 ORDER BY id"};

std::string_view text_of(Change::Kind kind) noexcept {
    switch (kind) {
        case Change::Kind::tools:
            return "tools";
        case Change::Kind::prompts:
            return "prompts";
        case Change::Kind::resources:
            return "resources";
        case Change::Kind::resource:
            return "resource";
    }
    return {};
}

Change::Kind kind_of(std::string_view text) noexcept {
    using enum Change::Kind;
    for (const auto kind : {tools, prompts, resources}) {
        if (text_of(kind) == text) return kind;
    }
    return resource;
}

}  // namespace

void publish_change(db::Session& session, Change::Kind kind, std::string_view uri) {
    session.query(publish, text_of(kind), uri);
}

std::string_view notification_of(Change::Kind kind) noexcept {
    switch (kind) {
        case Change::Kind::tools:
            return "notifications/tools/list_changed";
        case Change::Kind::prompts:
            return "notifications/prompts/list_changed";
        case Change::Kind::resources:
            return "notifications/resources/list_changed";
        case Change::Kind::resource:
            return "notifications/resources/updated";
    }
    return {};
}

ChangeFeed::ChangeFeed(db::Session& session, Hub::Mailbox& mailbox, const base::Uuid& workspace,
                       std::optional<std::int64_t> after)
    : session_{session} {
    mailbox.add("change/" + workspace.text());
    sequence_ = after ? *after : session_.query(newest).front().integer(0);
}

std::vector<Change> ChangeFeed::take() {
    std::vector<Change> changes;
    const auto rows = session_.query(since, sequence_);
    for (const auto row : rows) {
        changes.push_back({row.integer(0), kind_of(row.text(1)), row.string(2)});
        sequence_ = row.integer(0);
    }
    return changes;
}

}  // namespace mcp
