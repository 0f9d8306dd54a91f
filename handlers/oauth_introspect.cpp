/// Token introspection: POST /oauth/introspect (RFC 7662).
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_oauth_introspect
/// Can       tell a client that has authenticated about tokens that concern it
/// Cannot    issue or end a token, read the vault, open an outbound connection

#include "fastcgi/run.hpp"
#include "oauth/error.hpp"
#include "oauth/introspection_endpoint.hpp"

int main() { return fastcgi::run<oauth::IntrospectionEndpoint>("oauth_introspect", oauth::render_error); }
