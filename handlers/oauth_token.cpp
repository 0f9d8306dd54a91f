/// The token endpoint: POST /oauth/token (OAuth 2.1 section 3.2).
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_oauth_token
/// Can       sign access tokens and make the keys for it, redeem codes, rotate refresh tokens
/// Cannot    let a client do what nobody consented to, read the vault, open an outbound connection

#include "fastcgi/run.hpp"
#include "oauth/error.hpp"
#include "oauth/token_endpoint.hpp"

int main() { return fastcgi::run<oauth::TokenEndpoint>("oauth_token", oauth::render_error); }
