#pragma once

#include <vector>

#include "tool/tool.hpp"

namespace tools {

/// What an agent may do, over MCP and REST. The order is the published order.
std::vector<tool::Tool> catalogue();

/// What an administrator may do, over REST alone: an agent never handles a secret.
std::vector<tool::Tool> administration();

/// All that REST serves: the catalogue, then administration.
std::vector<tool::Tool> rest_catalogue();

tool::Tool list_services();
tool::Tool get_credentials();
tool::Tool check_credential_status();
tool::Tool call_service();
tool::Tool explain_call();

tool::Tool list_connectors();
tool::Tool create_service();
tool::Tool get_service();
tool::Tool update_service();
tool::Tool replace_secret();
tool::Tool delete_service();
tool::Tool start_connection();
tool::Tool revoke_connector();
tool::Tool create_client();
tool::Tool list_clients();
tool::Tool rotate_client_secret();
tool::Tool delete_client();
tool::Tool list_connected_clients();
tool::Tool shut_out_client();
tool::Tool let_in_client();
tool::Tool list_grants();
tool::Tool revoke_grant();
tool::Tool create_api_key();
tool::Tool list_api_keys();
tool::Tool disable_api_key();
tool::Tool delete_api_key();
tool::Tool create_publishable_key();
tool::Tool list_publishable_keys();
tool::Tool disable_publishable_key();
tool::Tool delete_publishable_key();

tool::Tool get_service_policy();
tool::Tool set_service_policy();
tool::Tool create_decoy();
tool::Tool list_alerts();

}  // namespace tools
