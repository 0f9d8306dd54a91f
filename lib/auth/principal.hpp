#pragma once

#include <cstdint>
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
using KeyId = base::Id<KeyTag>;
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

    bool allows(Scope scope) const noexcept;
    std::vector<std::string> names() const;
    std::string text() const;  ///< space-separated (RFC 6749 section 3.3)

private:
    std::uint8_t bits_ = 0;
};

std::string_view name_of(Scope scope);

/// A verified caller: which live credential called, for whom, in which workspace, with what allowed.
struct Principal {
    KeyId credential;
    std::string credential_proof;  ///< SHA-256 of the presented secret, raw; what egress re-checks
    UserId user;
    WorkspaceId workspace;
    std::string workspace_slug;
    bool mcp_enabled = false;
    Scopes scopes;
};

}  // namespace auth
