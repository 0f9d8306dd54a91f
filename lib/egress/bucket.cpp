#include "egress/bucket.hpp"

#include <algorithm>

#include "vault/request_pattern.hpp"

namespace egress {
namespace {

constexpr std::size_t name_limit = 64;
constexpr std::size_t most_told = 10000;

const vault::RateRule* naming_rule(const vault::Connector& connector) {
    const auto& rules = connector.rate_limits;
    const auto found =
        std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.is_naming(); });
    return found == rules.end() ? nullptr : &*found;
}

std::optional<std::string> name_told(const vault::RateRule& rule, const http_client::Response& response) {
    if (!rule.bucket_header) return std::nullopt;
    const auto name = response.field(*rule.bucket_header);
    const bool is_visible = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (name.empty() || name.size() > name_limit || !is_visible) return std::nullopt;
    return std::string{name};
}

std::optional<std::string> name_known(const vault::RateRule& rule, const std::string& counted) {
    const auto space = std::min(counted.find(' '), counted.size());
    const auto path = std::string_view{counted}.substr(std::min(space + 1, counted.size()));
    for (const auto& bucket : rule.buckets.value_or(std::vector<vault::RateBucket>{})) {
        for (const auto& request : bucket.requests) {
            if (vault::matches_request(request, counted.substr(0, space), path)) return bucket.name;
        }
    }
    return std::nullopt;
}

std::string whole_name(const vault::RateRule& rule, const std::string& name, const std::string& counted) {
    return rule.per_request.value_or(false) ? name + ' ' + counted : name;
}

}  // namespace

std::string counted_form(const http_client::Request& request) {
    return std::string{request.method->name} + ' ' + request.url.path;
}

std::string bucket_of(const vault::RateRule& rule, const http_client::Response& response,
                      const std::string& counted) {
    if (!rule.is_naming()) return rule.bucket;
    const auto told = name_told(rule, response);
    return whole_name(rule, told ? *told : name_known(rule, counted).value_or(rule.bucket), counted);
}

bool is_named(const vault::Connector& connector, const std::string& bucket) {
    const auto& rules = connector.rate_limits;
    return naming_rule(connector) && std::none_of(rules.begin(), rules.end(), [&](const auto& rule) {
               return !rule.is_naming() && rule.bucket == bucket;
           });
}

std::string Buckets::find(const vault::Connector& connector, const vault::ServiceId& service,
                          const std::string& counted) const {
    const auto* rule = naming_rule(connector);
    if (!rule) return {};
    {
        const std::lock_guard lock{mutex_};
        const auto told = told_.find({service, counted});
        if (told != told_.end()) return told->second;
    }
    const auto name = name_known(*rule, counted);
    return name ? whole_name(*rule, *name, counted) : std::string{};
}

void Buckets::learn(const vault::Connector& connector, const vault::ServiceId& service,
                    const std::string& counted, const http_client::Response& response) {
    const auto* rule = naming_rule(connector);
    const auto name = rule ? name_told(*rule, response) : std::nullopt;
    if (!name) return;
    const std::lock_guard lock{mutex_};
    if (told_.size() >= most_told) told_.clear();
    told_[{service, counted}] = whole_name(*rule, *name, counted);
}

}  // namespace egress
