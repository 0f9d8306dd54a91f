#pragma once

#include <optional>
#include <string>

#include "account/accounts.hpp"
#include "account/form_guard.hpp"
#include "http/form.hpp"
#include "http/request.hpp"

namespace account_pages {

/// One request for a page: who asks, and what the URL and the form say.
struct Visit {
    explicit Visit(const http::Request& asked) : request{asked}, guard{asked} {}

    const http::Request& request;
    account::FormGuard guard;
    std::optional<account::LoginSession> session;
    http::Form query;
    http::Form form;

    /// A parameter of the form, else of the query.
    std::string text(std::string_view name) const;
    base::Secret secret(std::string_view name) const;
    /// The own path that `continue` names, else /account.
    std::string come_back() const;
    account::Visitor visitor() const { return {request.remote_address, guard.browser_sha256()}; }
};

}  // namespace account_pages
