#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/id.hpp"
#include "db/session.hpp"

namespace oauth {

struct ClientTag {
    static constexpr std::string_view prefix = "cli";
};
/// The row of a client. A registered client's client_id is this id's text; a metadata document's is its URL.
using ClientKey = base::Id<ClientTag>;

/// How a client came to be known: RFC 7591, the operator, or a client id metadata document.
enum class ClientOrigin { dynamic, manual, metadata_document };

/// Who registered a manual client: the operator of the server, or administrators of the one workspace that it
/// may be let into, who vouch for it there and nowhere else.
enum class Registrar { operator_, administrator };

/// RFC 7591 section 2, token_endpoint_auth_method.
enum class AuthMethod { none, client_secret_basic, client_secret_post, private_key_jwt };

std::string_view name_of(ClientOrigin origin) noexcept;
std::string_view name_of(Registrar registrar) noexcept;
std::string_view name_of(AuthMethod method) noexcept;
std::optional<ClientOrigin> origin_of(std::string_view name) noexcept;
std::optional<Registrar> registrar_of(std::string_view name) noexcept;
std::optional<AuthMethod> auth_method_of(std::string_view name) noexcept;

/// A client that may act for one workspace by itself (client credentials), as its service user.
struct ServiceAccount {
    auth::WorkspaceId workspace;
    auth::UserId user;
    std::vector<std::string> scopes;
};

/// Who asks for authorization.
struct Client {
    ClientKey key;
    std::string client_id;  ///< as on the wire
    ClientOrigin origin = ClientOrigin::dynamic;
    Registrar registrar = Registrar::administrator;  ///< of a manual client
    std::string name;                                ///< self-asserted unless the operator wrote it
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types;
    AuthMethod auth_method = AuthMethod::none;
    std::string secret_sha256;  ///< raw, 32 bytes; empty for a client without a secret
    std::string jwks;           ///< a JWK set as JSON text; empty without one
    std::string metadata;       ///< what it registered or published, as a JSON object
    std::string metadata_sha256;
    std::optional<ServiceAccount> service_account;
    std::optional<auth::WorkspaceId> workspace;  ///< the only one that it may be let into, if any

    bool is_public() const noexcept { return auth_method == AuthMethod::none; }
    bool has_grant_type(std::string_view grant_type) const noexcept;
};

/// A client that is known and not disabled. Does not fetch a metadata document: it reads the stored copy,
/// however old.
std::optional<Client> find_client(db::Session& session, std::string_view client_id);
std::optional<Client> find_client(db::Session& session, const ClientKey& key);

/// Whether a client_id is the URL of a metadata document rather than an id that Gatehouse issued.
bool is_metadata_document_url(std::string_view client_id) noexcept;

}  // namespace oauth
