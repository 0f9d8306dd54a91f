#include "vault/service_row.hpp"

#include <nlohmann/json.hpp>

#include "schema/json.hpp"

namespace vault {

std::optional<LastCall> last_call_of(const db::Row& row) {
    if (row.is_null(12)) return std::nullopt;
    LastCall last{
        .status = static_cast<int>(row.integer(12)),
        .valid = std::nullopt,
        .source = row.string(14),
        .checked_at = row.time(15),
        .rate_limits = row.string(16),
        .retry_at = std::nullopt,
    };
    if (!row.is_null(13)) last.valid = row.boolean(13);
    if (!row.is_null(17)) last.retry_at = row.time(17);
    return last;
}

std::map<std::string, std::string> settings_of(std::string_view json) {
    std::map<std::string, std::string> settings;
    const auto object = schema::parse(json);
    for (const auto& [name, value] : object.items()) settings.emplace(name, value.get<std::string>());
    return settings;
}

std::string json_of(const std::map<std::string, std::string>& settings) {
    auto object = schema::json::object();
    for (const auto& [name, value] : settings) object[name] = value;
    return schema::dump(object);
}

ServiceState state_of(std::string_view text) {
    if (text == "active") return ServiceState::active;
    return text == "revoked" ? ServiceState::revoked : ServiceState::disabled;
}

std::string_view name_of(ServiceState state) {
    switch (state) {
        case ServiceState::active:
            return "active";
        case ServiceState::disabled:
            return "disabled";
        case ServiceState::revoked:
            return "revoked";
    }
    return "";
}

Service service_of(const db::Row& row) {
    std::optional<base::Clock::time_point> echoed_at;
    if (!row.is_null(14)) echoed_at = row.time(14);
    return {
        .id = ServiceId{row.uuid(0)},
        .name = row.string(1),
        .description = row.string(2),
        .connector = row.string(3),
        .auth_method = row.string(4),
        .origins = row.strings(5),
        .settings = settings_of(row.text(6)),
        .policy = policy_of(row.text(12)),
        .revealable = row.boolean(7),
        .decoy = row.boolean(13),
        .echoed_at = echoed_at,
        .state = state_of(row.text(8)),
        .version = row.integer(9),
        .created_at = row.time(10),
        .updated_at = row.time(11),
        .last_call = std::nullopt,
    };
}

}  // namespace vault
