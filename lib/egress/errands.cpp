#include "egress/errands.hpp"

#include "base/error.hpp"
#include "egress_client/errand_messages.hpp"
#include "http_syntax/url.hpp"
#include "schema/schema.hpp"

namespace egress {
namespace {

std::string link_of(const std::string& site, const std::string& kind, const std::string& email,
                    const std::string& code) {
    if (kind == "change_address") return site + "/account/email-code?code=" + code;
    const char* path = kind == "reset_password" ? "/password/reset" : "/activate";
    return site + path + "?email=" + http_syntax::percent_encode(email) + "&code=" + code;
}

std::string in_groups(std::string code) {
    for (std::size_t at = 4; at < code.size(); at += 5) code.insert(at, 1, '-');
    return code;
}

}  // namespace

Errands::Errands(const base::Config& config, db::Database& database)
    : public_url_{config.public_url},
      database_{database},
      letters_{config.pages / "mail"},
      sender_{config},
      providers_{config} {}

std::optional<std::string> Errands::perform(const egress_client::Envelope& envelope) {
    const auto& [operation, workspace, credential, proof, arguments] = envelope;
    if (operation == "deliver_mail")
        return deliver_mail(schema::decode<egress_client::MailErrand>(arguments).id);
    if (operation == "provider_metadata")
        return providers_.metadata(schema::decode<egress_client::ProviderErrand>(arguments).provider);
    if (operation == "provider_keys") {
        const auto errand = schema::decode<egress_client::ProviderErrand>(arguments);
        return providers_.keys(errand.provider, errand.fresh);
    }
    if (operation == "redeem_provider_code")
        return providers_.redeem(schema::decode<egress_client::ProviderCodeErrand>(arguments));
    return std::nullopt;
}

std::string Errands::deliver_mail(const std::string& id) {
    const auto uuid = base::Uuid::parse(id);
    if (!uuid) throw base::Error{base::Reason::invalid_input, "invalid_arguments", "id: expected a uuid"};
    try {
        deliver(*uuid);
    } catch (const base::Error&) {
        end_mail(*uuid, /*was_sent=*/false);
        throw;
    }
    return "{}";
}

void Errands::deliver(const base::Uuid& id) {
    static constexpr db::Statement take{"egress.take_mail",
                                        "SELECT kind, recipient, name, code FROM account.take_mail($1)"};
    const auto result = db::Autocommit{database_, {}}.query(take, id);
    if (result.empty()) return;
    const auto row = result.front();
    const auto kind = row.string(0), recipient = row.string(1), code = row.string(3);
    sender_.send(letters_.write(kind, recipient,
                                {{"site", public_url_},
                                 {"name", row.string(2)},
                                 {"code", in_groups(code)},
                                 {"link", link_of(public_url_, kind, recipient, code)}}));
    end_mail(id, /*was_sent=*/true);
}

void Errands::end_mail(const base::Uuid& id, bool was_sent) {
    static constexpr db::Statement end{"egress.end_mail", "SELECT account.end_mail($1, $2)"};
    db::Autocommit{database_, {}}.query(end, id, was_sent);
}

}  // namespace egress
