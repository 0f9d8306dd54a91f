#include "http_client/pool.hpp"

#include <curl/curl.h>

namespace http_client {

void FreeHandle::operator()(void* handle) const { curl_easy_cleanup(handle); }

Client::Pool::Entry Client::Pool::take(const std::string& key) {
    const std::lock_guard lock{mutex_};
    for (auto entry = idle_.begin(); entry != idle_.end(); ++entry) {
        if (entry->key != key) continue;
        auto taken = std::move(*entry);
        idle_.erase(entry);
        return taken;
    }
    return {.key = key, .handle = {}, .pin = {}, .idle_since = {}};
}

void Client::Pool::give_back(Entry entry) {
    curl_easy_reset(entry.handle.get());
    const auto now = std::chrono::steady_clock::now();
    entry.idle_since = now;
    std::list<Entry> dropped;
    const std::lock_guard lock{mutex_};
    idle_.push_front(std::move(entry));
    while (idle_.size() > limit || now - idle_.back().idle_since > idle_limit)
        dropped.splice(dropped.end(), idle_, std::prev(idle_.end()));
}

}  // namespace http_client
