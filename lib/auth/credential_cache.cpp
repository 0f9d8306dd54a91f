#include "auth/credential_cache.hpp"

#include <algorithm>

namespace auth {
namespace {

constexpr std::size_t most_entries = 10'000;
constexpr std::chrono::seconds longest_trust{10};

}  // namespace

std::optional<Principal> CredentialCache::find(const std::string& digest, Time now) const {
    const std::lock_guard lock{mutex_};
    const auto entry = entries_.find(digest);
    if (entry == entries_.end() || entry->second.until <= now) return std::nullopt;
    return entry->second.principal;
}

void CredentialCache::remember(const std::string& digest, const Principal& principal, Generation asked,
                               Time until) {
    const auto trusted_until = std::min(until, std::chrono::system_clock::now() + longest_trust);
    const std::lock_guard lock{mutex_};
    if (generation_ != asked) return;
    if (entries_.size() >= most_entries) entries_.clear();
    entries_.insert_or_assign(digest, Entry{principal, trusted_until});
}

void CredentialCache::forget_all() {
    const std::lock_guard lock{mutex_};
    ++generation_;
    entries_.clear();
}

}  // namespace auth
