#include "account_pages/site.hpp"
#include "base/error.hpp"
#include "oauth/grant.hpp"

namespace account_pages {
namespace {

const char* identity_of(const oauth::ListedGrant& grant) {
    switch (grant.client_origin) {
        case oauth::ClientOrigin::manual:
            return grant.client_registrar == oauth::Registrar::operator_
                       ? "Registered by the operator of this server."
                       : "Registered by an administrator of the workspace.";
        case oauth::ClientOrigin::metadata_document:
            return "Published by the host in its name.";
        case oauth::ClientOrigin::dynamic:
            return "It gave this name itself; nobody has checked it.";
    }
    return "";
}

std::string words_for(const std::vector<std::string>& scopes) {
    std::string words;
    for (const auto& scope : scopes) {
        const char* word = scope == "mcp.read"    ? "see"
                           : scope == "mcp.write" ? "act"
                           : scope == "admin"     ? "administer"
                                                  : "read secrets";
        if (!words.empty()) words += ", ";
        words += word;
    }
    return words;
}

std::string day_of(base::Clock::time_point time) { return base::rfc3339_of(time).substr(0, 10); }

}  // namespace

http::Response Site::begin_address_change(Visit& visit) {
    accounts_.begin_address_change(*visit.session, visit.secret("password"), visit.form.text("email"),
                                   visit.visitor());
    return go(visit, "/account/email-code");
}

http::Response Site::change_address(Visit& visit) {
    accounts_.change_address(*visit.session, visit.form.text("code"));
    return go(visit, "/account");
}

Site::Values Site::show_unlink(Visit& visit) {
    auto values = show_password(visit);
    values["issuer"] = visit.text("issuer");
    return values;
}

http::Response Site::unlink_identity(Visit& visit) {
    accounts_.unlink_identity(*visit.session, visit.secret("password"), visit.form.text("issuer"));
    return go(visit, "/account");
}

Site::Values Site::show_grants(Visit& visit) {
    Values values{{"grants", Values::array()}};
    db::Autocommit session{database_, {}};
    for (const auto& grant : oauth::list_grants(session, visit.session->user)) {
        values["grants"].push_back({{"id", grant.id.text()},
                                    {"client_name", grant.client_name},
                                    {"client_id", grant.client_id},
                                    {"identity", identity_of(grant)},
                                    {"workspace", grant.workspace},
                                    {"scopes", words_for(grant.scopes)},
                                    {"created_at", day_of(grant.created_at)},
                                    {"expires_at", day_of(grant.expires_at)},
                                    {"grant_token", visit.guard.token("account_grants")}});
    }
    values["has_grants"] = !values["grants"].empty();
    return values;
}

http::Response Site::revoke_grant(Visit& visit) {
    const auto id = oauth::GrantKey::parse(visit.form.text("grant"));
    if (!id) throw base::Error{base::Reason::not_found, "grant_not_found", "no such grant of yours"};
    db::Autocommit session{database_, {}};
    oauth::revoke_grant(session, visit.session->user, *id);
    auto values = show_grants(visit);
    values["saved"] = true;
    return page("account_grants", visit, std::move(values));
}

}  // namespace account_pages
