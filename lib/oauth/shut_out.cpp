#include "oauth/shut_out.hpp"

#include "base/error.hpp"

namespace oauth {
namespace {

std::optional<base::Clock::time_point> time_or_nothing(const db::Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.time(column);
}

void require_client(const db::Result& result) {
    if (!result.front().boolean(0))
        throw base::Error{base::Reason::not_found, "client_not_found", "no such client"};
}

}  // namespace

std::vector<ConnectedClient> list_connected_clients(db::Session& session) {
    static constexpr db::Statement select{"oauth.connected_clients", R"sql(
        SELECT client_id, name, origin, members, last_let_in_at, shut_out_at FROM oauth.connected_clients()
    )sql"};
    std::vector<ConnectedClient> clients;
    for (const auto row : session.query(select)) {
        clients.push_back({.client_id = row.string(0),
                           .name = row.string(1),
                           .origin = origin_of(row.text(2)).value(),
                           .members = row.integer(3),
                           .last_let_in_at = time_or_nothing(row, 4),
                           .shut_out_at = time_or_nothing(row, 5)});
    }
    return clients;
}

void shut_out_client(db::Session& session, const std::string& client_id) {
    static constexpr db::Statement shut_out{"oauth.shut_out_client", "SELECT oauth.shut_out_client($1)"};
    require_client(session.query(shut_out, client_id));
}

void let_in_client(db::Session& session, const std::string& client_id) {
    static constexpr db::Statement let_in{"oauth.let_in_client", "SELECT oauth.let_in_client($1)"};
    require_client(session.query(let_in, client_id));
}

}  // namespace oauth
