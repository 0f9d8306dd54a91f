#include "oauth/published_keys.hpp"

#include <nlohmann/json.hpp>

#include "auth/signing_keys.hpp"
#include "base/log.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

constexpr std::chrono::seconds between_looks{5};

}  // namespace

std::string PublishedKeys::text() {
    const std::lock_guard lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    if (!text_.empty() && now < look_again_at_) return text_;
    try {
        db::Autocommit session{database_, {}};
        text_ = schema::dump(auth::find_signing_keys(session).jwks());
        look_again_at_ = now + between_looks;
    } catch (const std::exception& error) {
        if (text_.empty()) throw;
        base::log(base::Severity::warning, "keys_not_read", {{"detail", error.what()}});
    }
    return text_;
}

}  // namespace oauth
