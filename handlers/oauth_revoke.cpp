/// Token revocation: POST /oauth/revoke (RFC 7009).
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_oauth_revoke
/// Can       end a grant or an access token of the client that asks
/// Cannot    issue a token, read the vault, open an outbound connection

#include "fastcgi/run.hpp"
#include "oauth/error.hpp"
#include "oauth/revocation_endpoint.hpp"

int main() { return fastcgi::run<oauth::RevocationEndpoint>("oauth_revoke", oauth::render_error); }
