#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace egress_client {

using json = nlohmann::json;

/// What travels to egress when no caller's credential stands behind it. Egress finds in PostgreSQL, or in
/// what it sealed itself, whether it is to be done at all.
struct CredentialErrand {
    std::string operation;
    json arguments;

    static constexpr auto fields = std::tuple{
        schema::field("operation", &CredentialErrand::operation, "renew, revoke, look_at, depart or arrive."),
        schema::field("arguments", &CredentialErrand::arguments, "What the operation needs."),
    };
};

/// renew and revoke: whose credential.
struct HeldService {
    std::string workspace;
    std::string service;

    static constexpr auto fields = std::tuple{
        schema::field("workspace", &HeldService::workspace, "Public id.", {1, 64}),
        schema::field("service", &HeldService::service, "Public id.", {1, 64}),
    };
};

/// look_at and depart: which attempt to connect a service.
struct ConnectionTicket {
    std::string ticket;

    static constexpr auto fields =
        std::tuple{schema::field("ticket", &ConnectionTicket::ticket, "As made by start.", {1, 4096})};
};

/// An attempt as its page shows it.
struct ConnectionView {
    std::string service_name;
    std::string connector;
    std::string workspace;
    std::string host;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &ConnectionView::service_name, "The service's name."),
        schema::field("connector", &ConnectionView::connector, "The connector's title."),
        schema::field("workspace", &ConnectionView::workspace, "The workspace's slug."),
        schema::field("host", &ConnectionView::host, "Where the browser will go."),
    };
};

/// Where the browser goes to, and the cookie that shows it is the same when it comes back.
struct Departure {
    std::string url;
    std::string cookie;

    static constexpr auto fields = std::tuple{
        schema::field("url", &Departure::url, "The authorization request."),
        schema::field("cookie", &Departure::cookie, "Its value."),
    };
};

/// What came back (RFC 6749 section 4.1.2).
struct Arrival {
    std::string state;
    std::string code;
    std::string error;
    std::string issuer;
    std::string cookie;

    static constexpr auto fields = std::tuple{
        schema::field("state", &Arrival::state, "As sent."),
        schema::field("code", &Arrival::code, "The authorization code."),
        schema::field("error", &Arrival::error, "The error code, if there is one."),
        schema::field("issuer", &Arrival::issuer, "The parameter iss, if there is one."),
        schema::field("cookie", &Arrival::cookie, "The browser's."),
    };
};

struct Arrived {
    std::string service_name;

    static constexpr auto fields =
        std::tuple{schema::field("service_name", &Arrived::service_name, "What is connected now.")};
};

/// How an administrator begins to connect a service.
struct ConnectionStart {
    std::string url;
    std::string expires_at;

    static constexpr auto fields = std::tuple{
        schema::field("url", &ConnectionStart::url, "The page to open in a browser, within ten minutes."),
        schema::field("expires_at", &ConnectionStart::expires_at, "Until when (RFC 3339)."),
    };
};

}  // namespace egress_client
