#include "vault/connector.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "schema/schema.hpp"
#include "vault/connector_check.hpp"

namespace vault {
namespace {

using schema::json;

void default_to_empty(json& object, std::initializer_list<std::pair<const char*, json>> members) {
    for (const auto& [name, value] : members) {
        if (object.is_object() && !object.contains(name)) object[name] = value;
    }
}

void complete_method(json& method) {
    default_to_empty(
        method, {{"secrets", json::array()}, {"settings", json::array()}, {"injections", json::array()}});
    if (method.is_object() && method.contains("grant")) {
        default_to_empty(method["grant"], {{"client_auth", "post"},
                                           {"authorize_parameters", json::object()},
                                           {"token_parameters", json::object()},
                                           {"claims", json::object()},
                                           {"lost_errors", json::array()}});
    }
    if (method.is_object() && method.contains("revocation")) {
        default_to_empty(method["revocation"],
                         {{"auth", "none"}, {"parameters", json::object()}, {"json", false}});
    }
}

Connector parse(const std::string& text) {
    auto document = schema::parse(text);
    default_to_empty(document, {{"origins", json::array()},
                                {"settings", json::array()},
                                {"fixed_headers", json::object()},
                                {"rate_limits", json::array()},
                                {"secret_endpoints", json::array()},
                                {"reserved_headers", json::array()},
                                {"reserved_parameters", json::array()}});
    if (document.is_object() && document.contains("auth") && document["auth"].is_array()) {
        for (auto& method : document["auth"]) complete_method(method);
    }
    if (document.is_object() && document.contains("verify"))
        default_to_empty(document["verify"], {{"invalid", json::array()}, {"invalid_errors", json::array()}});
    return schema::decode<Connector>(document);
}

Connector read(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    try {
        auto connector = parse(text);
        check_connector(connector);
        if (connector.id != file.stem()) throw std::runtime_error{"id is not the file's name"};
        return connector;
    } catch (const std::exception& error) {
        throw base::Error{base::Reason::invalid_input, "connector_invalid",
                          file.string() + ": " + error.what()};
    }
}

}  // namespace

const AuthMethod& Connector::auth_method(std::string_view name) const {
    if (name.empty()) return auth.front();
    for (const auto& method : auth) {
        if (method.name == name) return method;
    }
    std::string known;
    for (const auto& method : auth) (known += ' ') += method.name;
    throw base::Error{base::Reason::invalid_input, "unknown_auth_method",
                      "connector " + id + " has no such auth method; it has" + known};
}

ConnectorCatalog ConnectorCatalog::load(const std::filesystem::path& folder) {
    ConnectorCatalog catalog;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        if (entry.path().extension() == ".json") catalog.connectors_.push_back(read(entry.path()));
    }
    if (catalog.connectors_.empty()) {
        throw base::Error{base::Reason::invalid_input, "connector_invalid",
                          "configuration: egress.connectors: no connectors in \"" + folder.string() + '"'};
    }
    std::sort(catalog.connectors_.begin(), catalog.connectors_.end(),
              [](const auto& left, const auto& right) { return left.id < right.id; });
    return catalog;
}

const Connector* ConnectorCatalog::find(std::string_view id) const noexcept {
    const auto found =
        std::lower_bound(connectors_.begin(), connectors_.end(), id,
                         [](const auto& connector, auto wanted) { return connector.id < wanted; });
    return found != connectors_.end() && found->id == id ? &*found : nullptr;
}

const Connector& ConnectorCatalog::require(std::string_view id) const {
    if (const auto* connector = find(id)) return *connector;
    std::string known;
    for (const auto& connector : connectors_) (known += ' ') += connector.id;
    throw base::Error{base::Reason::invalid_input, "unknown_connector",
                      "there is no such connector; there are" + known};
}

}  // namespace vault
