#include "audit/call_rows.hpp"

#include "crypto/encoding.hpp"

namespace audit {
namespace {

std::string bytea(std::string_view bytes) { return "\\\\x" + crypto::hex_of(bytes); }

}  // namespace

void CallRows::Column::add(std::string_view element) {
    if (text_.size() > 1) text_ += ',';
    text_ += element;
}

std::string CallRows::Column::take() {
    text_ += '}';
    return std::move(text_);
}

void CallRows::add(const CallRecord& record) {
    id_.add(record.id.text());
    at_.add(base::rfc3339_of(record.at));
    credential_.add(record.credential.uuid().text());
    user_.add(record.user.uuid().text());
    client_.add(record.client ? record.client->text() : "NULL");
    channel_.add(record.channel);
    tool_.add(record.tool);
    outcome_.add(record.outcome);
    arguments_sha256_.add(bytea(record.arguments_sha256));
    result_sha256_.add(bytea(record.result_sha256));
    duration_.add(std::to_string(record.duration_us));
}

#define AUDIT_INSERT_CALLS                                                                             \
    "INSERT INTO audit.call (workspace_id, id, at, credential_id, user_id, client_id, channel, tool, " \
    "outcome, "                                                                                        \
    "arguments_sha256, result_sha256, duration_us) "                                                   \
    "SELECT $1, r.* FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::uuid[], "   \
    "$7::text[], "                                                                                     \
    "$8::text[], $9::text[], $10::bytea[], $11::bytea[], $12::bigint[]) AS r"

void CallRows::insert(db::Database& database, const auth::WorkspaceId& workspace, Attempt attempt) {
    static constexpr db::Statement first{"audit.insert_calls", AUDIT_INSERT_CALLS};
    static constexpr db::Statement repeated{"audit.insert_calls_again",
                                            AUDIT_INSERT_CALLS " ON CONFLICT DO NOTHING"};
    db::Autocommit session{database, {workspace.uuid()}};
    session.query(attempt == Attempt::first ? first : repeated, workspace, id_.take(), at_.take(),
                  credential_.take(), user_.take(), client_.take(), channel_.take(), tool_.take(),
                  outcome_.take(), arguments_sha256_.take(), result_sha256_.take(), duration_.take());
}

}  // namespace audit
