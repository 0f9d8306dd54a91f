#include <curl/curl.h>

#include <algorithm>

#include "base/wait.hpp"
#include "http_client/transfer.hpp"
#include "http_syntax/field.hpp"

namespace http_client {
namespace {

constexpr std::int64_t least_rate = 100;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

bool Transfer::stop(Stop why) noexcept {
    if (stop_ == Stop::none) stop_ = why;
    return false;
}

bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > limits_.header) return stop(Stop::header_too_large);
    if (window_bytes_ < 0) {
        window_bytes_ = 0;
        window_start_ = std::chrono::steady_clock::now();
    }
    if (line.starts_with("HTTP/")) {
        response_.fields.clear();
        return true;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    auto name = http_syntax::lower(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "content-encoding" && !value.empty()) {
        const auto encoding = http_syntax::lower(value);
        if (encoding != "gzip" && encoding != "x-gzip" && encoding != "identity") return stop(Stop::encoding);
    }
    response_.fields.emplace_back(std::move(name), value);
    return true;
}

bool Transfer::expands_too_much() const {
    if (body_bytes_ <= limits_.ratio_from) return false;
    curl_off_t encoded = 0;
    curl_easy_getinfo(handle_, CURLINFO_SIZE_DOWNLOAD_T, &encoded);
    return body_bytes_ > static_cast<std::size_t>(std::max<curl_off_t>(encoded, 1)) * limits_.ratio;
}

bool Transfer::take_body(std::string_view piece) {
    body_bytes_ += piece.size();
    if (expands_too_much()) return stop(Stop::body_expands);
    if (body_bytes_ > limits_.body) {
        piece.remove_suffix(std::min(body_bytes_ - limits_.body, piece.size()));
        response_.truncated = true;
    }
    const base::Work work;
    if (!hooks_.on_body)
        response_.body += piece;
    else if (!hooks_.on_body(piece))
        response_.truncated = true;
    return !response_.truncated;
}

bool Transfer::go_on(std::int64_t received) {
    if (hooks_.is_cancelled && hooks_.is_cancelled()) return stop(Stop::cancelled);
    if (window_bytes_ < 0) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now - window_start_ < limits_.stall) return true;
    if (received - window_bytes_ < least_rate * limits_.stall.count()) return stop(Stop::stalled);
    window_start_ = now;
    window_bytes_ = received;
    return true;
}

}  // namespace http_client
