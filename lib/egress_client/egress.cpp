#include "egress_client/egress.hpp"

#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "egress_client/connection.hpp"
#include "egress_client/envelope.hpp"
#include "egress_client/refusal.hpp"
#include "schema/schema.hpp"

namespace egress_client {
namespace {

constexpr std::chrono::milliseconds default_limit{30000};
constexpr std::chrono::milliseconds margin{10000};
constexpr std::size_t idle_limit = 32;

std::string name_of_credential(const auth::Principal& caller) {
    if (caller.kind == auth::CredentialKind::access_token)
        return auth::GrantId{caller.credential.uuid()}.text();
    if (caller.kind == auth::CredentialKind::user_token) return caller.user.text();
    return caller.credential.text();
}

}  // namespace

class Egress::Connections {
public:
    explicit Connections(std::filesystem::path socket) : socket_{std::move(socket)} {}

    Connection take() {
        const std::lock_guard lock{mutex_};
        while (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            if (connection.is_fresh()) return connection;
        }
        return Connection{socket_};
    }

    void give_back(Connection connection) {
        const std::lock_guard lock{mutex_};
        if (idle_.size() < idle_limit) idle_.push_back(std::move(connection));
    }

private:
    std::filesystem::path socket_;
    std::mutex mutex_;
    std::vector<Connection> idle_;
};

Egress::Egress(std::filesystem::path internal_socket)
    : connections_{std::make_unique<Connections>(std::move(internal_socket))} {}

Egress::~Egress() = default;

json Egress::ask(const auth::Principal& caller, const char* operation, json arguments,
                 std::chrono::milliseconds limit, const IsCancelled& is_cancelled) {
    const Envelope envelope{
        .operation = operation,
        .workspace = caller.workspace.text(),
        .credential = name_of_credential(caller),
        .proof = crypto::base64url_of(caller.credential_proof),
        .arguments = std::move(arguments),
    };
    return post("/egress", schema::encode(envelope), limit, is_cancelled);
}

json Egress::post(const char* path, const json& body, std::chrono::milliseconds limit,
                  const IsCancelled& is_cancelled) {
    auto connection = connections_->take();
    const auto deadline = std::chrono::steady_clock::now() + limit + margin;
    const auto answer = connection.post(path, schema::dump(body), deadline, is_cancelled);
    if (answer.keeps_open) connections_->give_back(std::move(connection));
    if (answer.status == 413) {
        throw base::Error{base::Reason::too_large, "request_too_large", "the request is longer than 16 MiB"};
    }
    if (answer.status != 200) throw error_of(answer.body);
    return schema::parse(answer.body);
}

CallResult Egress::call(const auth::Principal& caller, const CallRequest& request,
                        const IsCancelled& is_cancelled) {
    const std::chrono::milliseconds limit{request.timeout_ms.value_or(default_limit.count())};
    return schema::decode<CallResult>(ask(caller, "call", schema::encode(request), limit, is_cancelled));
}

Explanation Egress::explain(const auth::Principal& caller, const CallRequest& request) {
    return schema::decode<Explanation>(ask(caller, "explain", schema::encode(request), default_limit, {}));
}

RevealResult Egress::reveal(const auth::Principal& caller, const std::string& service_name) {
    return schema::decode<RevealResult>(
        ask(caller, "reveal", schema::encode(ServiceName{service_name}), default_limit, {}));
}

CredentialStatus Egress::check(const auth::Principal& caller, const std::string& service_name) {
    return schema::decode<CredentialStatus>(
        ask(caller, "check", schema::encode(ServiceName{service_name}), default_limit, {}));
}

ConnectionStart Egress::start_connection(const auth::Principal& caller, const std::string& service_name) {
    const ConnectionRequest request{service_name, caller.workspace_slug};
    return schema::decode<ConnectionStart>(
        ask(caller, "start_connection", schema::encode(request), default_limit, {}));
}

}  // namespace egress_client
