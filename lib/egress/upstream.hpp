#pragma once

#include <chrono>
#include <functional>

#include "base/config.hpp"
#include "db/database.hpp"
#include "egress/bucket.hpp"
#include "egress/credential_errands.hpp"
#include "egress/leak_watch.hpp"
#include "egress/opened_services.hpp"
#include "egress/recorder.hpp"
#include "egress/resealer.hpp"
#include "egress/tenant_limit.hpp"
#include "egress_client/explanation.hpp"
#include "egress_client/messages.hpp"
#include "http_client/client.hpp"
#include "vault/connector.hpp"
#include "vault/decision.hpp"
#include "vault_grant/tokens.hpp"
#include "vault_keys/workspace_key.hpp"

namespace egress {

/// What a process that may open secrets and reach the world consists of, and its operations. Each
/// refuses before it opens a secret or sends a byte whenever it can; every refusal is a base::Error with the
/// codes that egress_client/egress.hpp lists.
class Upstream {
public:
    using IsCancelled = std::function<bool()>;

    /// Throws base::Error when a key, a connector or the CA bundle cannot be read: there is no running
    /// without them.
    explicit Upstream(const base::Config& config,
                      http_client::Resolver resolver = http_client::resolve_with_system);

    egress_client::CallResult call(const Caller& caller, const egress_client::CallRequest& request,
                                   const IsCancelled& is_cancelled);
    /// What call would do with the same request, without doing it. Needs mcp.read alone.
    egress_client::Explanation explain(const Caller& caller, const egress_client::CallRequest& request);
    egress_client::RevealResult reveal(const Caller& caller, const std::string& service_name);
    egress_client::CredentialStatus check(const Caller& caller, const std::string& service_name);
    egress_client::ConnectionStart start_connection(const Caller& caller,
                                                    const egress_client::ConnectionRequest& request);
    CredentialErrands& credential_errands() noexcept { return credential_errands_; }
    /// The process's connections, for whatever else it asks.
    db::Database& database() noexcept { return database_; }

private:
    struct Outcome {
        http_client::Response response;
        egress_client::CallResult result;
        std::optional<vault_grant::AccessToken> token;  ///< which one was sent; its secret is gone
    };

    Outcome send(const Caller& caller, const OpenedService& opened, const vault::Connector& connector,
                 http_client::Request request, std::chrono::milliseconds limit,
                 const IsCancelled& is_cancelled);
    egress_client::CallResult call_once(const Caller& caller, const egress_client::CallRequest& request,
                                        const IsCancelled& is_cancelled, bool* may_repeat);
    void finish(const Caller& caller, const OpenedService& opened, const vault::Connector& connector,
                const vault::Decision& decision, egress_client::CallResult& result);
    vault::Secrets secrets_for(const Caller& caller, const OpenedService& opened,
                               const vault::AuthMethod& method, Outcome& outcome);
    bool replace_refused(const Caller& caller, const OpenedService& opened, const vault::Connector& connector,
                         const Outcome& outcome);
    egress_client::CredentialStatus probe(const Caller& caller, const OpenedService& opened,
                                          const vault::Connector& connector);
    void complete_inactive(const Caller& caller, OpenedService& opened);
    void note(const Caller& caller, const OpenedService& opened, const Outcome& outcome,
              std::optional<bool> valid, const char* source);
    const vault::Connector& connector_of(const OpenedService& opened) const;

    db::Database database_;
    vault_keys::KeyEncryption key_encryption_;
    vault::ConnectorCatalog connectors_;
    http_client::Client client_;
    OpenedServices opened_services_;
    Leases leases_;
    Recorder recorder_;
    Buckets buckets_;
    LeakWatch leak_watch_;
    vault_grant::Tokens tokens_;
    CredentialErrands credential_errands_;
    TenantLimit tenants_{64};
    Resealer resealer_;
};

}  // namespace egress
