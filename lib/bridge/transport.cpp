#include "bridge/transport.hpp"

#include <curl/curl.h>

#include <algorithm>

#include "base/error.hpp"

namespace bridge {
namespace {

constexpr int cancellation_interval_ms = 50;

/// What libcurl's callbacks see of one exchange.
struct Progress {
    const Receiver& receiver;
    CURL* handle;
    Head head;
    bool is_head_told = false;

    void tell_head() {
        if (is_head_told) return;
        is_head_told = true;
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        head.status = static_cast<int>(status);
        receiver.on_head(head);
    }
};

std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* target) {
    auto& progress = *static_cast<Progress*>(target);
    const std::string_view line{bytes, size};
    if (line.starts_with("HTTP/")) progress.head = {};
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    const auto name = lower_case(line.substr(0, colon));
    if (name == "content-type") progress.head.content_type = lower_case(trimmed(line.substr(colon + 1)));
    if (name == "mcp-session-id") progress.head.session_id = trimmed(line.substr(colon + 1));
    return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* target) {
    auto& progress = *static_cast<Progress*>(target);
    progress.tell_head();
    progress.receiver.on_body({bytes, size});
    return size;
}

/// Runs the transfer until it ends or is cancelled. CURLE_ABORTED_BY_CALLBACK when it was cancelled.
CURLcode perform(CURLM* multi, CURL* handle, const Receiver& receiver) {
    curl_multi_add_handle(multi, handle);
    auto code = CURLE_ABORTED_BY_CALLBACK;
    for (int running = 1; running > 0 && !receiver.is_cancelled();) {
        curl_multi_perform(multi, &running);
        int left = 0;
        if (const auto* message = curl_multi_info_read(multi, &left)) code = message->data.result;
        if (running > 0) curl_multi_poll(multi, nullptr, 0, cancellation_interval_ms, nullptr);
    }
    curl_multi_remove_handle(multi, handle);
    return code;
}

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
    curl_slist* grown = curl_slist_append(list.get(), line.c_str());
    if (!grown) throw std::bad_alloc{};
    static_cast<void>(list.release());
    list.reset(grown);
}

List lines_of(const Fields& fields, const base::Secret& key) {
    List list;
    append(list, "Authorization: Bearer " + std::string{key.reveal()});
    append(list, "Expect:");
    for (const auto& [name, value] : fields) append(list, name + ": " + value);
    return list;
}

const char* name_of(Transport::Verb verb) {
    switch (verb) {
        case Transport::Verb::get:
            return "GET";
        case Transport::Verb::post:
            return "POST";
        case Transport::Verb::delete_:
            return "DELETE";
    }
    return "POST";
}

void prepare(CURL* handle, const Settings& settings) {
    curl_easy_setopt(handle, CURLOPT_URL, settings.endpoint.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    if (!settings.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
}

}  // namespace

/// A handle of the pool, for one exchange.
class Transport::Lease {
public:
    explicit Lease(Transport& transport) : transport_{transport}, handle_{take(transport)} {
        curl_easy_reset(handle_.easy);
        prepare(handle_.easy, transport.settings_);
    }
    ~Lease() {
        const std::lock_guard lock{transport_.mutex_};
        transport_.idle_.push_back(handle_);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    CURL* handle() const { return handle_.easy; }
    CURLM* multi() const { return handle_.multi; }

private:
    static Handle take(Transport& transport) {
        const std::lock_guard lock{transport.mutex_};
        if (transport.idle_.empty()) return {curl_easy_init(), curl_multi_init()};
        const auto handle = transport.idle_.back();
        transport.idle_.pop_back();
        return handle;
    }
    Transport& transport_;
    Handle handle_;
};

Transport::Transport(const Settings& settings) : settings_{settings} {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

Transport::~Transport() {
    for (const auto& [easy, multi] : idle_) {
        curl_easy_cleanup(easy);
        curl_multi_cleanup(multi);
    }
}

void Transport::exchange(Verb verb, const std::string& body, const Fields& fields, const Receiver& receiver) {
    const Lease lease{*this};
    CURL* handle = lease.handle();
    Progress progress{.receiver = receiver, .handle = handle, .head = {}};
    const auto lines = lines_of(fields, settings_.api_key);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines.get());
    if (verb == Verb::post) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, name_of(verb));
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &progress);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &progress);
    const auto code = perform(lease.multi(), handle, receiver);
    if (code == CURLE_ABORTED_BY_CALLBACK) return;
    if (code != CURLE_OK) {
        throw base::Error{base::Reason::upstream_failed, "server_unreachable",
                          std::string{"no answer from Gatehouse: "} + curl_easy_strerror(code)};
    }
    progress.tell_head();
}

}  // namespace bridge
