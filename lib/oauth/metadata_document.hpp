#pragma once

#include <string>

#include "base/error.hpp"
#include "db/database.hpp"
#include "egress_client/documents.hpp"
#include "oauth/client_metadata.hpp"

namespace oauth {

/// Whether the URL may be a client_id (client id metadata documents, section 3): https with a path, no
/// fragment, no user information, no dot segments.
bool is_sound_document_url(std::string_view url);

/// Reads a document that was found at `url`. Throws base::Error (invalid_input, "invalid_client_metadata").
ClientMetadata read_metadata_document(const std::string& url, const nlohmann::json& document);

/// How long a document may be used without asking again: what Cache-Control says, within a minute and a day.
std::chrono::seconds freshness_of(std::string_view cache_control);

/// Upstream_failed, "client_metadata_unreachable".
base::Error unreachable_document(std::string detail = {});

/// Clients that publish what they are at the URL that is their client_id. Documents are fetched by egress,
/// kept in PostgreSQL, and fetched anew when they are no longer fresh; a good copy serves while the host does
/// not answer usably, and while another process fetches the document. Safe from any thread.
class MetadataDocuments {
public:
    MetadataDocuments(db::Database& database, const base::Config& config)
        : database_{database},
          documents_{config.internal_socket},
          fetches_at_once_{2 * config.oauth.registration_burst} {}

    /// Throws base::Error: invalid_input "invalid_client" or "invalid_client_metadata" (the document is not
    /// usable), upstream_failed "client_metadata_unreachable".
    Client require(const std::string& url, const std::string& remote_address);

private:
    bool is_fresh(const std::string& url);
    bool is_known(const std::string& url);
    bool claim(const std::string& url);
    bool is_claimed(const std::string& url);
    void release(const std::string& url);
    /// One of all who want it at the same time fetches; the others wait for what it brings, and are refused
    /// with it when that is nothing: who asks at the same time shares one wait for a host that does not
    /// answer.
    void refresh_once(const std::string& url, const std::string& remote_address);
    void await_fetch(const std::string& url);
    void refresh(const std::string& url, const std::string& remote_address);
    void count(const std::string& url, const std::string& remote_address);
    egress_client::Document fetch(const std::string& url);
    void add_keys(nlohmann::json& document);
    void store(const std::string& url, const ClientMetadata& metadata, std::chrono::seconds fresh);

    db::Database& database_;
    egress_client::Documents documents_;
    int fetches_at_once_;  ///< of one host, and for one address
};

}  // namespace oauth
