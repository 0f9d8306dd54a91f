#pragma once

#include "account/accounts.hpp"
#include "account/throttle.hpp"
#include "base/utf8.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace account {

/// How often what may be tried. For this component.

inline constexpr std::size_t longest_email = 254;

/// Whether the text may be somebody's mail address at all.
inline bool may_be_address(std::string_view email) {
    return email.size() <= longest_email && email.find('\0') == std::string_view::npos &&
           base::is_utf8(email);
}

inline std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// What the attempts at an address are counted under. What is longer than any address, or no text, is counted
/// too.
inline std::string counted_name(const std::string& email) {
    return may_be_address(email) ? lower(email) : "digest " + crypto::hex_of(crypto::sha256(email));
}

inline Bucket address_bucket(const Visitor& visitor) {
    return {
        .name = "address " + network_of(visitor.address), .free = 30, .longest = std::chrono::minutes{15}};
}
inline Bucket password_bucket(const std::string& email) {
    return {.name = "password " + counted_name(email), .free = 5, .longest = std::chrono::minutes{5}};
}
inline Bucket code_bucket(const std::string& email) {
    return {.name = "code " + counted_name(email), .free = 10, .longest = std::chrono::minutes{15}};
}
inline Bucket address_code_bucket(const auth::UserId& user) {
    return {.name = "address code " + user.text(), .free = 10, .longest = std::chrono::minutes{15}};
}
inline Bucket factor_bucket(const auth::UserId& user) {
    return {.name = "factor " + user.text(), .free = 5, .longest = std::chrono::minutes{5}};
}
inline Bucket mail_bucket(const std::string& email) {
    return {.name = "mail " + counted_name(email), .free = 3, .longest = std::chrono::hours{1}};
}
inline Bucket sender_bucket(const Visitor& visitor) {
    return {.name = "sender " + network_of(visitor.address), .free = 20, .longest = std::chrono::hours{1}};
}

}  // namespace account
