#include "mail/sender.hpp"

#include <curl/curl.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "crypto/trust_store.hpp"

namespace mail {
namespace {

constexpr long seconds_to_connect = 10;
constexpr long seconds_in_all = 45;

[[noreturn]] void refuse(const std::string& message) {
    throw base::Error{base::Reason::invalid_input, "configuration_invalid", message};
}

[[noreturn]] void fail(const std::string& detail) {
    throw base::Error{base::Reason::upstream_failed, "mail_failed", "the mail could not be delivered",
                      detail};
}

base::Secret read_password(const std::filesystem::path& file) {
    if (file.empty()) return {};
    std::ifstream stream{file};
    std::string line;
    if (!std::getline(stream, line)) refuse("mail.password: " + file.string() + " cannot be read");
    return base::Secret::take(line);
}

bool is_loopback(const std::string& url) {
    for (const char* host : {"smtp://127.0.0.1:", "smtp://[::1]:", "smtp://localhost:"})
        if (url.starts_with(host)) return true;
    return false;
}

struct Upload {
    std::string_view rest;

    static std::size_t read(char* out, std::size_t size, std::size_t count, void* self) {
        auto& rest = static_cast<Upload*>(self)->rest;
        const auto piece = std::min(size * count, rest.size());
        std::memcpy(out, rest.data(), piece);
        rest.remove_prefix(piece);
        return piece;
    }
};

}  // namespace

struct Sender::Server {
    std::string url;
    std::string user;
    base::Secret password;
    crypto::TrustStore trust;

    static CURLcode prepare_tls(CURL*, void* context, void* self) {
        static_cast<Server*>(self)->trust.install(context);
        return CURLE_OK;
    }

    void set_up(CURL* curl, char* error) {
        curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds_to_connect);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds_in_all);
        curl_easy_setopt(curl, CURLOPT_USE_SSL,
                         static_cast<long>(is_loopback(url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
        curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, &prepare_tls);
        curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, this);
        if (!user.empty()) {
            curl_easy_setopt(curl, CURLOPT_USERNAME, user.c_str());
            curl_easy_setopt(curl, CURLOPT_PASSWORD, std::string{password.reveal()}.c_str());
        }
    }

    void send(const std::string& from, const std::string& to, const std::string& message) {
        const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
        const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients{
            curl_slist_append(nullptr, to.c_str()), curl_slist_free_all};
        if (!curl || !recipients) throw std::bad_alloc{};
        char error[CURL_ERROR_SIZE] = "";
        Upload upload{message};
        set_up(curl.get(), error);
        curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
        curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &Upload::read);
        curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
        const auto result = curl_easy_perform(curl.get());
        if (result != CURLE_OK) fail(*error ? error : curl_easy_strerror(result));
    }
};

Sender::Sender(const base::Config& config) : from_{config.mail.from}, folder_{config.mail.folder} {
    if (config.mail.smtp.empty()) return;
    if (!config.mail.smtp.starts_with("smtps://") && !config.mail.smtp.starts_with("smtp://"))
        refuse("mail.smtp must be smtps://host:port or smtp://host:port");
    if (address_of(from_).find('@') == std::string::npos) refuse("mail.from must be a mail address");
    server_.reset(new Server{.url = config.mail.smtp,
                             .user = config.mail.user,
                             .password = read_password(config.mail.password),
                             .trust = crypto::TrustStore{config.egress.ca}});
}

Sender::~Sender() = default;

void Sender::put_into_folder(const std::string& message) const {
    const auto name = base::base32_of(base::Uuid::create()) + ".eml";
    const auto unfinished = folder_ / ('.' + name);
    std::ofstream file{unfinished, std::ios::binary};
    file << message;
    file.close();
    std::error_code error;
    std::filesystem::rename(unfinished, folder_ / name, error);
    if (!file || error) fail("the folder " + folder_.string() + " cannot be written");
}

void Sender::send(const Letter& letter) {
    const auto message = message_of(letter, from_);
    if (server_) return server_->send('<' + address_of(from_) + '>', '<' + letter.recipient + '>', message);
    if (!folder_.empty()) return put_into_folder(message);
    throw base::Error{base::Reason::unavailable, "mail_not_configured",
                      "no mail server is configured: set mail.smtp in gatehouse.toml"};
}

}  // namespace mail
