#pragma once

#include "base/config.hpp"
#include "base/error.hpp"
#include "egress/callers.hpp"
#include "egress/documents.hpp"
#include "egress/errands.hpp"
#include "egress/upstream.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace egress {

/// POST /egress: an egress_client::Envelope in, the operation's result or an egress_client::Refusal out.
/// POST /egress/document: an egress_client::DocumentRequest in, an egress_client::Document or a Refusal out.
/// POST /egress/credentials: the same for an egress_client::CredentialErrand.
class Endpoint {
public:
    static constexpr bool needs_network = true;

    explicit Endpoint(const base::Config& config)
        : upstream_{config},
          callers_{config, upstream_.database()},
          documents_{config},
          errands_{config, upstream_.database()} {}

    http::Response answer(const http::Request& request, http::Exchange& exchange);

private:
    std::string perform(const egress_client::Envelope& envelope, http::Exchange& exchange);

    Upstream upstream_;
    Callers callers_;
    Documents documents_;
    Errands errands_;
};

/// A refusal in the form that egress_client reads.
http::Response render_refusal(const base::Error& error);

}  // namespace egress
