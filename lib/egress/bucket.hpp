#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "http_client/message.hpp"
#include "vault/connector.hpp"
#include "vault/service.hpp"

namespace egress {

/// A request as it counts: its method and its canonical path.
std::string counted_form(const http_client::Request& request);

/// The bucket that the rule's headers are about: the one that the answer names, else the one that the
/// connector says the request belongs to, else the rule's own.
std::string bucket_of(const vault::RateRule& rule, const http_client::Response& response,
                      const std::string& counted);

/// Whether the bucket bounds those calls alone that belong to it, rather than all of the service.
bool is_named(const vault::Connector& connector, const std::string& bucket);

/// Knows in which bucket a service's calls count: as the upstream has told this process of the same request,
/// else as the connector says. Safe from any thread.
class Buckets {
public:
    /// Empty when it is not known, or when the service's buckets have no names.
    std::string find(const vault::Connector& connector, const vault::ServiceId& service,
                     const std::string& counted) const;
    void learn(const vault::Connector& connector, const vault::ServiceId& service, const std::string& counted,
               const http_client::Response& response);

private:
    using Key = std::pair<vault::ServiceId, std::string>;
    mutable std::mutex mutex_;
    std::map<Key, std::string> told_;
};

}  // namespace egress
