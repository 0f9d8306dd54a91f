#include "tools/catalogue.hpp"

namespace tools {

std::vector<tool::Tool> catalogue() {
    return {list_services(), get_credentials(), check_credential_status(), call_service(), explain_call()};
}

std::vector<tool::Tool> administration() {
    return {list_connectors(),
            create_service(),
            get_service(),
            update_service(),
            replace_secret(),
            delete_service(),
            start_connection(),
            revoke_connector(),
            get_service_policy(),
            set_service_policy(),
            create_decoy(),
            list_alerts(),
            create_client(),
            list_clients(),
            rotate_client_secret(),
            delete_client(),
            list_connected_clients(),
            shut_out_client(),
            let_in_client(),
            list_grants(),
            revoke_grant(),
            create_api_key(),
            list_api_keys(),
            disable_api_key(),
            delete_api_key(),
            create_publishable_key(),
            list_publishable_keys(),
            disable_publishable_key(),
            delete_publishable_key()};
}

std::vector<tool::Tool> rest_catalogue() {
    auto tools = catalogue();
    for (auto& tool : administration()) tools.push_back(std::move(tool));
    return tools;
}

}  // namespace tools
