#define BOOST_TEST_MODULE token_tests
#include "security/token_tests/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "schema/json.hpp"

namespace test {

BOOST_TEST_GLOBAL_FIXTURE(Deployment);

vault::Service TokenFixture::create_service(const std::string& name, const std::string& method,
                                            const std::string& token_query, const std::string& token_url) {
    vault::NewService request;
    request.name = name;
    request.connector = "generic";
    request.auth_method = method;
    request.origins = {"https://api.example.com"};
    request.settings = {{"client_id", "gate house"}, {"token_url", token_url + '?' + token_query}};
    if (method == "authorization_code")
        request.settings.emplace("authorize_url", "https://api.example.com/authorize");
    request.secrets.emplace("client_secret", base::Secret{"client secret+1"});
    request.by_operator = true;
    return Tenant::create_service(std::move(request));
}

vault::Service TokenFixture::create_connected(const std::string& name, const std::string& refresh_token,
                                              const std::string& token_query) {
    const auto service = create_service(name, "authorization_code", token_query);
    connect(service, "access-token-stale", refresh_token, std::chrono::seconds{-1});
    return service;
}

void TokenFixture::connect(const vault::Service& service, const char* access, const std::string& refresh,
                           std::chrono::seconds lifetime) {
    const auto holder =
        vault_grant::find_holder(egress_database, *deployment.connectors, ids.workspace, service.id);
    vault_grant::replace(egress_database, holder.value(),
                         {.access = base::Secret{access},
                          .refresh = base::Secret{refresh},
                          .expires_at = base::Clock::now() + lifetime});
}

void TokenFixture::arrange(const vault::Service& service, const std::string& change) const {
    deployment.database.arrange("UPDATE vault.token SET " + change +
                                " WHERE service_id = " + quoted(service.id.uuid().text()));
}

vault_grant::Token TokenFixture::token(const vault::Service& service) {
    return vault_grant::read_token(egress_database, ids.workspace, service.id);
}

std::vector<nlohmann::json> TokenFixture::token_calls() const {
    std::ifstream file{deployment.world.folder() / "token_calls"};
    std::vector<nlohmann::json> calls;
    for (std::string line; std::getline(file, line);) calls.push_back(schema::parse(line));
    return calls;
}

void TokenFixture::forget_calls() const {
    std::filesystem::remove(deployment.world.folder() / "token_calls");
}

egress_client::CallRequest TokenFixture::request(const std::string& service, const std::string& url,
                                                 const std::string& method) {
    egress_client::CallRequest call;
    call.service_name = service;
    call.method = method;
    call.url = url;
    return call;
}

}  // namespace test
