#pragma once

#include "account/accounts.hpp"
#include "account/throttle.hpp"

namespace account {

/// How often what may be tried. For this component.

inline std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

inline Bucket address_bucket(const Visitor& visitor) {
    return {
        .name = "address " + network_of(visitor.address), .free = 30, .longest = std::chrono::minutes{15}};
}
inline Bucket password_bucket(const std::string& email) {
    return {.name = "password " + lower(email), .free = 5, .longest = std::chrono::minutes{5}};
}
inline Bucket code_bucket(const std::string& email) {
    return {.name = "code " + lower(email), .free = 10, .longest = std::chrono::minutes{15}};
}
inline Bucket address_code_bucket(const auth::UserId& user) {
    return {.name = "address code " + user.text(), .free = 10, .longest = std::chrono::minutes{15}};
}
inline Bucket factor_bucket(const auth::UserId& user) {
    return {.name = "factor " + user.text(), .free = 5, .longest = std::chrono::minutes{5}};
}
inline Bucket mail_bucket(const std::string& email) {
    return {.name = "mail " + lower(email), .free = 3, .longest = std::chrono::hours{1}};
}
inline Bucket sender_bucket(const Visitor& visitor) {
    return {.name = "sender " + network_of(visitor.address), .free = 20, .longest = std::chrono::hours{1}};
}

}  // namespace account
