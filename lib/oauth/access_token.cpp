#include "oauth/access_token.hpp"

#include <utility>

#include "base/clock.hpp"
#include "http/json_text.hpp"
#include "jose/jws.hpp"

namespace oauth {

std::string issue_access_token(const jose::SigningKey& key, const AccessTokenClaims& claims) {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(base::Clock::now().time_since_epoch());
    const std::pair<const char*, std::string> texts[]{
        {"iss", claims.issuer},         {"sub", claims.subject},
        {"aud", claims.resource},       {"client_id", claims.client_id},
        {"scope", claims.scope},        {"workspace", claims.workspace.text()},
        {"grant", claims.grant.text()}, {"jti", base::base32_of(base::Uuid::create())},
    };
    std::string payload = "{\"iat\":" + std::to_string(now.count()) +
                          ",\"exp\":" + std::to_string((now + claims.lifetime).count());
    for (const auto& [name, value] : texts) {
        payload.append(",\"").append(name).append("\":");
        http::append_json_string(payload, value);
    }
    payload += '}';
    return jose::sign_jws(key, "at+jwt", payload);
}

}  // namespace oauth
