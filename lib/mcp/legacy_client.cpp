#include "mcp/error.hpp"
#include "mcp/legacy.hpp"
#include "mcp/request_metadata.hpp"

namespace mcp {
namespace {

[[noreturn]] void refuse_session() {
    throw base::Error{base::Reason::not_found, "session_not_found",
                      "there is no such session: begin a new one with initialize"};
}

}  // namespace

LegacyClient read_legacy_client(const Service& service, db::Session& database, const Arrival& arrival) {
    LegacyClient known;
    known.client.revision = Revision::r2025_03_26;
    known.client.log_level = LogLevel::info;
    const auto header = arrival.request.field("mcp-protocol-version");
    if (!header.empty()) {
        const auto revision = revision_of(header);
        if (!revision) refuse_version(std::string{header});
        known.client.revision = *revision;
    }
    const auto text = arrival.request.field("mcp-session-id");
    if (text.empty()) return known;
    known.session = open_session(service.seals, arrival.principal, text);
    if (!known.session) refuse_session();
    const auto state = state_of(database, *known.session);
    if (state.is_ended) refuse_session();
    known.client = known.session->client;
    known.client.log_level = state.log_level.value_or(LogLevel::info);
    return known;
}

}  // namespace mcp
