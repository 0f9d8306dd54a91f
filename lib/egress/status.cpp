#include "egress/status.hpp"

#include <algorithm>

#include "egress/outgoing.hpp"
#include "egress/rate_limit.hpp"
#include "schema/schema.hpp"
#include "vault/placeholder.hpp"

namespace egress {
namespace {

using egress_client::CallResult;
using egress_client::json;
using egress_client::RateLimit;

bool is_among(int status, const std::vector<int>& statuses) {
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

std::optional<bool> member_of(const CallResult& result, const std::optional<std::string>& name) {
    if (!name || !result.body_json || !result.body_json->is_object()) return std::nullopt;
    const auto member = result.body_json->find(*name);
    if (member == result.body_json->end() || !member->is_boolean()) return std::nullopt;
    return member->get<bool>();
}

std::vector<RateLimit> rate_limits_in(const std::string& text) {
    std::vector<RateLimit> limits;
    for (const auto& element : schema::parse(text)) limits.push_back(schema::decode<RateLimit>(element));
    return limits;
}

}  // namespace

std::optional<bool> heard_in_passing(const CallResult& result, const vault::Connector& connector) {
    if (result.status == 401) return false;
    if (result.status < 200 || result.status > 299) return std::nullopt;
    if (!connector.verify || !connector.verify->valid_member) return true;
    return member_of(result, connector.verify->valid_member) == true ? std::optional{true} : std::nullopt;
}

std::optional<bool> heard_from_probe(const CallResult& result, const vault::Verification& verify) {
    if (is_among(result.status, verify.invalid)) return false;
    if (!is_among(result.status, verify.valid)) return std::nullopt;
    if (!verify.valid_member) return true;
    return member_of(result, verify.valid_member);
}

bool is_recent(const std::optional<vault::LastCall>& last, base::Clock::time_point now) {
    return last && now - last->checked_at < std::chrono::minutes{1} &&
           (last->valid || last->source == "probe");
}

http_client::Request probe_of(const vault::Service& service, const vault::Connector& connector) {
    egress_client::CallRequest call;
    call.service_name = service.name;
    call.method = connector.verify->method;
    call.url = vault::fill_in(connector.verify->path, [&](const std::string& name) {
        const auto found = service.settings.find(name);
        return found == service.settings.end() ? nullptr : &found->second;
    });
    if (connector.verify->body) call.body_json = schema::parse(*connector.verify->body);
    auto unrestricted = connector;
    unrestricted.secret_endpoints.clear();
    return request_of(call, service, unrestricted, {});
}

vault::LastCall probed(const CallResult& result, std::optional<bool> valid) {
    auto limits = json::array();
    for (const auto& limit : result.rate_limits) limits.push_back(schema::encode(limit));
    vault::LastCall last{
        .status = result.status,
        .valid = valid,
        .source = "probe",
        .checked_at = base::Clock::now(),
        .rate_limits = schema::dump(limits),
        .retry_at = {},
    };
    if (result.retry_at)
        last.retry_at = reset_time(*result.retry_at, vault::ResetUnit::rfc3339, last.checked_at);
    return last;
}

egress_client::CredentialStatus status_of(const vault::Service& service,
                                          const std::optional<vault::LastCall>& last) {
    egress_client::CredentialStatus status{
        .service_name = service.name,
        .state = std::string{vault::name_of(service.state)},
        .valid = "unknown",
        .source = "none",
        .status = {},
        .checked_at = {},
        .rate_limits = {},
        .retry_at = {},
        .action = {},
    };
    if (!last) return status;
    if (last->valid) status.valid = *last->valid ? "true" : "false";
    status.source = last->source;
    status.status = last->status;
    status.checked_at = base::rfc3339_of(last->checked_at);
    status.rate_limits = rate_limits_in(last->rate_limits);
    if (last->retry_at) status.retry_at = base::rfc3339_of(*last->retry_at);
    if (last->valid == false)
        status.action = "the upstream refuses this credential: an administrator must store a new one";
    else if (last->retry_at && *last->retry_at > base::Clock::now())
        status.action = "wait until retry_at";
    return status;
}

}  // namespace egress
