#include "vault_keys/agreements.hpp"

namespace vault_keys {
namespace {

constexpr std::chrono::seconds lifetime{60};
constexpr std::size_t most = 1000;

}  // namespace

std::optional<base::Secret> Agreements::find(const std::string& inputs_sha256) {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(inputs_sha256);
    if (found == entries_.end() || found->second.until <= std::chrono::steady_clock::now())
        return std::nullopt;
    return base::Secret{found->second.shared.reveal()};
}

void Agreements::remember(const std::string& inputs_sha256, const base::Secret& shared) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock{mutex_};
    make_room(now);
    entries_.insert_or_assign(inputs_sha256, Entry{base::Secret{shared.reveal()}, now + lifetime});
}

void Agreements::make_room(Time now) {
    if (entries_.size() < most && now < look_again_at_) return;
    look_again_at_ = now + lifetime;
    std::erase_if(entries_, [now](const auto& entry) { return entry.second.until <= now; });
    if (entries_.size() >= most) entries_.clear();
}

}  // namespace vault_keys
