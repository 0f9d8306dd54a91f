/// Opens credentials and calls the world: POST /egress, for the other handlers.
///
/// Exposure  nginx's internal listener only
/// Identity  OS user and database role gatehouse_egress
/// Can       unwrap the vault's keys, open connections to public addresses, read one service at a time
/// through
///           vault.open_service for a credential that is live, write vault.last_call
/// Cannot    read or change anything else; act for a caller that PostgreSQL does not confirm

#include "egress/endpoint.hpp"
#include "fastcgi/run.hpp"

int main() { return fastcgi::run<egress::Endpoint>("egress", egress::render_refusal); }
