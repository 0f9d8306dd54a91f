#include "http_client/client.hpp"

#include <curl/curl.h>
#include <stdlib.h>

#include <algorithm>

#include "base/error.hpp"
#include "crypto/trust_store.hpp"
#include "http_client/pool.hpp"
#include "http_client/transfer.hpp"

namespace http_client {
namespace {

[[noreturn]] void block(const std::string& host) {
    throw base::Error{base::Reason::forbidden, "address_blocked",
                      host + " has an address that may not be reached from here"};
}

void clean_environment() {
    for (const auto* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
                             "ALL_PROXY", "no_proxy", "NO_PROXY", "SSLKEYLOGFILE"})
        ::unsetenv(name);
}

template <class Resolve>
Pin resolve(const Url& url, const AddressGuard& guard, Resolve find) {
    if (is_metadata_name(url.host)) block(url.host);
    Pin pin{{}, std::chrono::steady_clock::now()};
    if (const auto literal = Address::parse(url.host)) {
        if (!guard.lists(literal->text(), url.port)) block(url.host);
        pin.addresses = {*literal};
    } else {
        pin.addresses = find(url.host);
    }
    if (pin.addresses.empty()) {
        throw base::Error{base::Reason::upstream_failed, "upstream_unreachable",
                          url.host + " cannot be resolved"};
    }
    for (const auto& address : pin.addresses) {
        if (!guard.allows(url.host, url.port, address)) block(url.host);
    }
    return pin;
}

std::chrono::milliseconds elapsed_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

struct Client::Trust {
    explicit Trust(const std::filesystem::path& extra) : store{extra} {}
    crypto::TrustStore store;
};

Client::Client(AddressGuard guard, const std::filesystem::path& extra_ca, Resolver resolver)
    : guard_{std::move(guard)},
      resolver_{std::move(resolver)},
      trust_{std::make_unique<Trust>(extra_ca)},
      pool_{std::make_unique<Pool>()} {
    clean_environment();
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

Client::~Client() = default;

Response Client::perform(const Request& request, const Limits& limits, const Hooks& hooks) {
    const auto start = std::chrono::steady_clock::now();
    auto entry = pool_->take(request.pool_key + '\n' + request.url.origin());
    if (!entry.handle || !entry.pin.is_fresh()) {
        auto pin = resolve(request.url, guard_, [&](const std::string& host) {
            return resolve_before(start + std::min(limits.connect, limits.total), resolver_, host,
                                  hooks.is_cancelled);
        });
        if (pin.addresses != entry.pin.addresses) entry.handle.reset(curl_easy_init());
        entry.pin = std::move(pin);
    }
    if (!entry.handle) throw std::bad_alloc{};
    auto left = limits;
    left.total = std::max(std::chrono::milliseconds{1}, limits.total - elapsed_since(start));
    bool is_reusable = false;
    Response response;
    {
        const Transfer::Context context{guard_, trust_->store, entry.pin};
        Transfer transfer{entry.handle.get(), context, request, left, hooks};
        response = transfer.run();
        is_reusable = transfer.is_reusable();
    }
    if (is_reusable) pool_->give_back(std::move(entry));
    return response;
}

}  // namespace http_client
