#include "mcp/client_requests.hpp"

#include <map>
#include <set>

#include "base/error.hpp"
#include "crypto/random.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/outage.hpp"
#include "mcp/params.hpp"
#include "mcp/seals.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::chrono::minutes patience{10};

constexpr db::Statement ask{"mcp_ask_client",
                            "INSERT INTO mcp.client_request (workspace_id, id, credential_id) "
                            "SELECT workspace.current_id(), unnest($1::text[]), $2"};
constexpr db::Statement answer{"mcp_answer_client_request",
                               "WITH answered AS (UPDATE mcp.client_request SET answer = $3 "
                               "WHERE id = $1 AND credential_id = $2 AND answer IS NULL RETURNING id) "
                               "SELECT pg_notify('mcp', 'answer/' || id) FROM answered"};
constexpr db::Statement find{
    "mcp_find_answers",
    "SELECT id, answer FROM mcp.client_request WHERE id = ANY ($1) AND answer IS NOT NULL"};
constexpr db::Statement forget{"mcp_forget_client_requests",
                               "DELETE FROM mcp.client_request WHERE id = ANY ($1)"};

/// The questions of one round, by their ids on the wire.
class Questions {
public:
    Questions(Context& context, LegacyResponse& response, const json& requests)
        : context_{context}, response_{response} {
        for (const auto& [key, request] : requests.items()) {
            const auto id = "ask_" + std::string{crypto::random_base62(43).reveal()};
            response_.mailbox().add("answer/" + id);
            keys_.emplace(id, key);
            ids_.push_back(id);
        }
        context_.call.db().query(ask, ids_, context_.principal.credential);
        for (const auto& id : ids_) send(id, requests[keys_[id]]);
    }
    ~Questions() {
        try {
            withdraw();
            context_.call.db().query(forget, ids_);
        } catch (const std::exception&) {
            // The rows have an age limit.
        }
    }
    Questions(const Questions&) = delete;
    Questions& operator=(const Questions&) = delete;

    bool take(json& answers) {
        const auto rows = context_.call.db().query(find, ids_);
        for (const auto row : rows) answered_.insert(row.string(0));
        if (rows.size() < static_cast<int>(ids_.size())) return false;
        for (const auto row : rows)
            answers[keys_[row.string(0)]] = result_of(opened(row.string(0), row.text(1)));
        return true;
    }

private:
    void send(const std::string& id, const json& request) {
        json params = json::object();
        if (const json* given = find_object(request, "params")) params = *given;
        // 2025-06-18 knows one kind of elicitation and no name for it.
        if (context_.client.revision < Revision::r2025_11_25) params.erase("mode");
        response_.send(jsonrpc::request(id, require_string(request, "method"), std::move(params)));
    }
    /// The client need not go on with what it has not answered.
    void withdraw() {
        for (const auto& id : ids_) {
            if (answered_.contains(id)) continue;
            json params{{"reason", "the request that asked has ended"}};
            params["requestId"] = id;
            response_.send(jsonrpc::notification("notifications/cancelled", std::move(params)));
        }
    }
    std::string opened(const std::string& id, std::string_view sealed) const {
        return context_.service.seals.message.open(sealed, id).value_or("{}");
    }
    static json result_of(std::string_view text) {
        json given = schema::parse(text);
        if (given.contains("result")) return std::move(given["result"]);
        throw base::Error{base::Reason::invalid_input, "input_refused",
                          "the client answered a request for input with an error"};
    }

    Context& context_;
    LegacyResponse& response_;
    std::vector<std::string> ids_;
    std::map<std::string, std::string> keys_;
    std::set<std::string> answered_;
};

}  // namespace

json ask_client(Context& context, LegacyResponse& response, const json& requests) {
    Questions questions{context, response, requests};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    json answers = json::object();
    for (;;) {
        const auto is_answered = unless_down([&] { return questions.take(answers); });
        if (is_answered.value_or(false)) return answers;
        if (!is_answered) response.retry_soon();
        if (std::chrono::steady_clock::now() > deadline) {
            throw base::Error{base::Reason::unavailable, "input_timeout",
                              "the client did not answer in time"};
        }
        if (response.is_cancelled() || response.is_lost()) {
            throw base::Error{base::Reason::unavailable, "input_cancelled", "the request was given up"};
        }
        if (response.is_stopping()) {
            throw base::Error{base::Reason::unavailable, "restarting",
                              "the server restarts: send the request again"};
        }
        response.wait();
    }
}

bool take_answer(db::Session& database, const Seals& seals, const auth::Principal& principal,
                 const jsonrpc::Message& given) {
    if (!given.id.is_string()) return false;
    json kept = json::object();
    if (given.error.is_null()) {
        kept["result"] = given.result;
    } else {
        kept["error"] = given.error;
    }
    const auto& id = given.id.get_ref<const std::string&>();
    return !database.query(answer, id, principal.credential, seals.message.seal(schema::dump(kept), id))
                .empty();
}

}  // namespace mcp
