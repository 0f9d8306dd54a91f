#pragma once

#include "base/config.hpp"
#include "egress_client/document.hpp"
#include "http_client/client.hpp"

namespace egress {

/// Fetches public documents that need no credential, such as client id metadata documents. Knows no service
/// and opens no secret; the guard decides which addresses may be reached.
class Documents {
public:
    explicit Documents(const base::Config& config);

    /// As egress_client::Documents::fetch.
    egress_client::Document fetch(const egress_client::DocumentRequest& request);

private:
    http_client::Client client_;
};

}  // namespace egress
