#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "oauth/server_keys.hpp"

namespace oauth {

/// A refresh token: "ghr_" and, in base64url, the id of its grant, a 256-bit secret and a tag that only the
/// token endpoint can make. It is stored as a digest alone. The successor of a token is computed from it, so
/// the same one can be given twice without ever being written down.
struct RefreshToken {
    auth::GrantId grant;
    std::string sha256;  ///< of the text, raw

    /// What the text says, whoever made it. Nothing when it is no refresh token.
    static std::optional<RefreshToken> read(std::string_view text);
};

/// A refresh token just made: `text` is for its client alone.
struct NewRefreshToken {
    base::Secret text;
    std::string sha256;
};

/// The first token of a grant.
NewRefreshToken create_refresh_token(const ServerKeys& keys, const auth::GrantId& grant);

/// As RefreshToken::read, for a text that the server made: nothing for anybody else's, so that guesses reach
/// neither the database nor somebody's grant.
std::optional<RefreshToken> recognize_refresh_token(const ServerKeys& keys, std::string_view text);

/// The tokens that may follow the one with this text, that of the newest key first.
/// REQUIRES: a text that was recognized.
std::vector<NewRefreshToken> successors_of(const ServerKeys& keys, std::string_view text);

}  // namespace oauth
