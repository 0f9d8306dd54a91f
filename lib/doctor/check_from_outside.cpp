#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "doctor/doctor.hpp"
#include "doctor/outside.hpp"
#include "schema/json.hpp"

namespace doctor {
namespace {

using nlohmann::json;
using Answer = http_client::Response;

constexpr double tolerable_seconds = 5;
constexpr const char* page = "https://page.example";

constexpr const char* metadata_forms[] = {
    "/.well-known/oauth-authorization-server",     "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/mcp", "/.well-known/openid-configuration/mcp",
    "/mcp/.well-known/openid-configuration",
};
constexpr const char* resource_forms[] = {"/.well-known/oauth-protected-resource",
                                          "/.well-known/oauth-protected-resource/mcp"};
constexpr const char* posted[] = {"/mcp",          "/oauth/token", "/oauth/register",
                                  "/oauth/revoke", "/token",       "/register"};
constexpr const char* shared[] = {"/.well-known/oauth-authorization-server",
                                  "/.well-known/oauth-protected-resource/mcp", "/oauth/token",
                                  "/oauth/register", "/oauth/jwks"};

std::string text_at(const json& document, const char* name) {
    const auto member = document.find(name);
    return member != document.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

json document_in(const Answer& answer) {
    try {
        auto document = schema::parse(answer.body);
        if (document.is_object()) return document;
    } catch (const base::Error&) {
    }
    return json::object();
}

Finding check_clock(const Answer& answer) {
    const std::string date{answer.field("date")};
    std::tm parts{};
    if (!strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts))
        return ill("clock", "the answer has no Date", "serve the site with nginx");
    const double apart = std::abs(std::difftime(timegm(&parts), std::time(nullptr)));
    if (apart <= tolerable_seconds) return well("clock", "differs by less than 5 s");
    return ill("clock",
               "the server's differs from this host's by " + std::to_string(std::lround(apart)) + " s",
               "run a time service: apt install systemd-timesyncd; timedatectl set-ntp true");
}

Finding check_document(Outside& outside, const std::string& path) {
    const std::string subject = "discovery " + path;
    const auto answer = outside.ask("GET", path);
    if (answer.status != 200)
        return ill(subject, "answers " + std::to_string(answer.status),
                   "route it to the metadata handler: include nginx/locations/well_known.conf before any "
                   "other location of /.well-known");
    if (!answer.field("content-type").starts_with("application/json"))
        return ill(subject, "is not application/json", "let no other location serve it");
    const auto issuer = text_at(document_in(answer), "issuer");
    if (issuer != outside.origin())
        return ill(
            subject, "names the issuer " + issuer,
            "set public_url to the very origin that clients use, without a slash, and restart the handlers");
    return well(subject, "200, issuer equal");
}

Finding check_resource(Outside& outside, const std::string& path) {
    const std::string subject = "discovery " + path;
    const auto document = document_in(outside.ask("GET", path));
    const auto servers = document.find("authorization_servers");
    const bool names_us = servers != document.end() && *servers == json::array({outside.origin()});
    if (text_at(document, "resource") == outside.origin() + "/mcp" && names_us)
        return well(subject, "resource and authorization server equal");
    return ill(subject, "does not name " + outside.origin() + "/mcp and its authorization server",
               "set public_url to the very origin that clients use and restart the handlers");
}

Finding check_unknown(Outside& outside) {
    const auto answer = outside.ask("GET", "/.well-known/oauth-authorization-server/unknown");
    const bool is_page = answer.field("content-type").starts_with("text/html");
    if (answer.status == 404 && !is_page) return well("unknown discovery path", "404 without a page");
    return ill("unknown discovery path",
               "answers " + std::to_string(answer.status) + (is_page ? " with a page" : ""),
               "let nothing but Gatehouse serve /.well-known/oauth-*");
}

Finding check_sharing(Outside& outside, const std::string& path) {
    const std::string subject = "CORS " + path;
    const auto answer =
        outside.ask("OPTIONS", path, {{"Origin", page}, {"Access-Control-Request-Method", "POST"}});
    if (answer.status / 100 == 2 && answer.field("access-control-allow-origin") == "*")
        return well(subject, "any page may ask");
    return ill(subject, "a preflight is answered " + std::to_string(answer.status),
               "let OPTIONS through to the handler and add no CORS fields in nginx");
}

Finding check_no_sharing(Outside& outside) {
    const auto answer = outside.ask("GET", "/oauth/authorize", {{"Origin", page}});
    if (answer.field("access-control-allow-origin").empty() && answer.status < 500)
        return well("CORS /oauth/authorize", "no page may ask");
    return ill("CORS /oauth/authorize", "answers " + std::to_string(answer.status) + " or is shared",
               "add no CORS fields in nginx; see the log of oauth_authorize");
}

Finding check_challenge(Outside& outside) {
    const auto answer =
        outside.ask("POST", "/mcp",
                    {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}},
                    R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
    const auto challenge = answer.field("www-authenticate");
    const auto expected =
        "resource_metadata=\"" + outside.origin() + "/.well-known/oauth-protected-resource/mcp\"";
    if (answer.status == 401 && challenge.starts_with("Bearer ") &&
        challenge.find(expected) != std::string_view::npos)
        return well("challenge of /mcp", "401, Bearer, points to the metadata");
    return ill("challenge of /mcp",
               "answers " + std::to_string(answer.status) + " without the right challenge",
               "let nginx pass WWW-Authenticate and intercept no 401; set public_url to the origin that "
               "clients use");
}

Finding check_post(Outside& outside, const std::string& path) {
    const std::string subject = "POST " + path;
    const auto answer =
        outside.ask("POST", path, {{"Content-Type", "application/x-www-form-urlencoded"}}, "");
    if (answer.status / 100 == 3)
        return ill(subject, "is redirected", "serve it at this very path: location = " + path);
    if (answer.status >= 500)
        return ill(subject, "answers " + std::to_string(answer.status),
                   "see the handler's log: it does not run");
    if (answer.status == 404) return ill(subject, "is not served", "include every file of nginx/locations");
    return well(subject, "answered " + std::to_string(answer.status) + ", not redirected");
}

Finding unreachable(const Outside& outside, const base::Error& error) {
    if (error.code() == "upstream_tls_failed")
        return ill(
            "TLS", "the certificate of " + outside.origin() + " is not valid for a client",
            "renew it, and serve the whole chain (ssl_certificate fullchain.pem); with an authority of your "
            "own pass --ca");
    return ill("TLS", outside.origin() + " cannot be reached: " + error.what(),
               "start nginx, open the port, point the name at this host");
}

template <class Check>
void add(Findings& findings, const std::string& subject, Check check) {
    try {
        findings.push_back(check());
    } catch (const base::Error& error) {
        findings.push_back(ill(subject, error.what(), "see the log of nginx and of the handler"));
    }
}

}  // namespace

Findings check_from_outside(const base::Config& config, const std::filesystem::path& ca) {
    Outside outside{config, ca};
    Findings findings;
    try {
        const auto answer = outside.ask("GET", "/healthz");
        findings.push_back(well("TLS", "the certificate is valid"));
        findings.push_back(check_clock(answer));
    } catch (const base::Error& error) {
        return {unreachable(outside, error)};
    }
    for (const char* path : metadata_forms)
        add(findings, path, [&] { return check_document(outside, path); });
    for (const char* path : resource_forms)
        add(findings, path, [&] { return check_resource(outside, path); });
    add(findings, "unknown discovery path", [&] { return check_unknown(outside); });
    for (const char* path : shared) add(findings, path, [&] { return check_sharing(outside, path); });
    add(findings, "CORS /oauth/authorize", [&] { return check_no_sharing(outside); });
    add(findings, "challenge of /mcp", [&] { return check_challenge(outside); });
    for (const char* path : posted) add(findings, path, [&] { return check_post(outside, path); });
    return findings;
}

}  // namespace doctor
