#pragma once

#include <memory>

#include "base/config.hpp"
#include "mail/letter.hpp"

namespace mail {

/// Delivers letters as the configuration says: by SMTP with TLS to the operator's server, or into a folder
/// as files (a stack without a mail server). Safe from any thread.
class Sender {
public:
    /// Throws base::Error (invalid_input, "configuration_invalid"): a URL that is neither smtps:// nor
    /// smtp://, a password file or CA bundle that cannot be read. Plain SMTP without STARTTLS is taken for
    /// loopback addresses alone.
    explicit Sender(const base::Config& config);
    ~Sender();

    /// Returns once the server has taken the mail. Throws base::Error: unavailable "mail_not_configured";
    /// upstream_failed "mail_failed" (detail says why).
    void send(const Letter& letter);

private:
    struct Server;
    void put_into_folder(const std::string& message) const;

    std::string from_;
    std::filesystem::path folder_;
    std::unique_ptr<Server> server_;
};

}  // namespace mail
