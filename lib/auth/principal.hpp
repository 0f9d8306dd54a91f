#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"

namespace auth {

struct KeyTag {
    static constexpr std::string_view prefix = "key";
};
struct UserTag {
    static constexpr std::string_view prefix = "usr";
};
struct WorkspaceTag {
    static constexpr std::string_view prefix = "ws";
};
struct GrantTag {
    static constexpr std::string_view prefix = "grt";
};
using KeyId = base::Id<KeyTag>;
/// What a user let an OAuth client do: the row of oauth.authorization.
using GrantId = base::Id<GrantTag>;
using UserId = base::Id<UserTag>;
using WorkspaceId = base::Id<WorkspaceTag>;

/// What a credential allows. The names on the wire are mcp.read, mcp.write, vault.reveal and admin.
enum class Scope : std::uint8_t { mcp_read = 1, mcp_write = 2, vault_reveal = 4, admin = 8 };

/// A set of scopes. mcp.write includes mcp.read (a hierarchy, honoured wherever a decision is made).
class Scopes {
public:
    Scopes() = default;
    Scopes(std::initializer_list<Scope> scopes);
    /// Throws base::Error (invalid_input, "unknown_scope").
    static Scopes parse(const std::vector<std::string>& names);
    /// The scopes named in a space-separated list; words that name none are left out.
    static Scopes known_in(std::string_view text);

    bool empty() const noexcept { return bits_ == 0; }
    bool allows(Scope scope) const noexcept;
    /// Whether whatever `other` allows is allowed here.
    bool include(const Scopes& other) const noexcept;
    /// What both allow.
    Scopes common_with(const Scopes& other) const noexcept;
    std::vector<std::string> names() const;
    std::string text() const;                             ///< space-separated (RFC 6749 section 3.3)
    std::uint8_t bits() const noexcept { return bits_; }  ///< one for each, as in Scope

private:
    std::uint8_t bits_ = 0;
};

std::string_view name_of(Scope scope);

/// What was presented: a key of Gatehouse's own, an access token (RFC 9068) of its authorization server, a
/// token of a person who signed in (at REST alone), or a key that stands in a web page (at REST alone, for
/// tools that are meant for everyone).
enum class CredentialKind : std::uint8_t { api_key, access_token, user_token, publishable_key };

/// A verified caller: which live credential called, for whom, in which workspace, with what allowed.
struct Principal {
    CredentialKind kind = CredentialKind::api_key;
    KeyId credential;  ///< of an access token: the grant's id, which outlives it; of a user token: the user's
    std::string credential_proof;  ///< what egress re-checks: an API key's SHA-256, raw; the token itself
    UserId user;
    WorkspaceId workspace;
    std::string workspace_slug;
    bool mcp_enabled = false;
    Scopes scopes;
    std::optional<base::Uuid> client;  ///< the OAuth client that presented an access token
    std::optional<base::Uuid> token;   ///< that access token's id (`jti`)
    std::string resource;  ///< what an access token is for; empty for an API key, which is for everything
};

}  // namespace auth
