#include "mail/letter.hpp"

#include <ctime>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace mail {
namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::string one_line(std::string text) {
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string date_now() {
    const auto now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[64];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return text;
}

void append_quoted(std::string& out, char c) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '=';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

/// RFC 2045 section 6.7: lines of at most 76 characters, a leading dot encoded as well.
std::string quoted_printable(const std::string& text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
        const bool is_plain =
            (c > ' ' && c < 0x7f && c != '=' && !(c == '.' && column == 0)) || (c == ' ' && !ends_line);
        if (column + (is_plain ? 1 : 3) > 75) {
            out += "=\r\n";
            column = 0;
        }
        column += is_plain ? 1 : 3;
        if (is_plain)
            out += c;
        else
            append_quoted(out, c);
    }
    return out;
}

}  // namespace

Letters::Letters(const std::filesystem::path& folder) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        if (entry.path().extension() != ".mustache") continue;
        auto text = read(entry.path());
        if (!kainjow::mustache::mustache{text}.is_valid())
            throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                              "the mail template " + entry.path().string() + " is malformed"};
        templates_[entry.path().stem().string()] = std::move(text);
    }
    if (templates_.empty())
        throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                          "there are no mail templates in " + folder.string()};
}

Letter Letters::write(const std::string& kind, const std::string& recipient,
                      const std::map<std::string, std::string>& values) const {
    kainjow::mustache::data data;
    for (const auto& [name, value] : values) data.set(name, one_line(value));
    const auto& text = templates_.at(kind);
    const auto end = text.find('\n');
    kainjow::mustache::mustache body{text.substr(end + 1)};
    body.set_custom_escape([](const std::string& plain) { return plain; });
    return {.recipient = recipient, .subject = text.substr(0, end), .text = body.render(data)};
}

std::string message_of(const Letter& letter, const std::string& from) {
    const auto host = address_of(from).substr(address_of(from).find('@') + 1);
    return "From: " + one_line(from) + "\r\nTo: <" + one_line(letter.recipient) +
           ">\r\nSubject: " + one_line(letter.subject) + "\r\nDate: " + date_now() + "\r\nMessage-ID: <" +
           crypto::hex_of(crypto::random_bytes(16)) + '@' + host +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n\r\n" +
           quoted_printable(letter.text);
}

std::string address_of(const std::string& from) {
    const auto open = from.find('<');
    if (open == std::string::npos) return from;
    return from.substr(open + 1, from.find('>', open) - open - 1);
}

}  // namespace mail
