#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace mail {

/// A mail to one person, plain text.
struct Letter {
    std::string recipient;  ///< an address that account::is_email_address takes
    std::string subject;    ///< ASCII, one line
    std::string text;       ///< UTF-8, lines ended by \n
};

/// The texts of the product's mails: KIND.mustache in a folder. A template's first line is the subject,
/// without values; the rest is the text. Nothing is escaped: it is no HTML.
class Letters {
public:
    /// Throws base::Error (invalid_input, "configuration_invalid").
    explicit Letters(const std::filesystem::path& folder);

    /// REQUIRES: a template of that kind.
    Letter write(const std::string& kind, const std::string& recipient,
                 const std::map<std::string, std::string>& values) const;

private:
    std::map<std::string, std::string> templates_;
};

/// The letter as RFC 5322 wants it, lines ended by CRLF, the text in quoted-printable. `from` as configured.
std::string message_of(const Letter& letter, const std::string& from);

/// The address in a From field: what stands between < and >, else all of it.
std::string address_of(const std::string& from);

}  // namespace mail
