#include "http_client/transfer.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/wait.hpp"
#include "crypto/trust_store.hpp"
#include "http_syntax/field.hpp"

namespace http_client {
namespace {

/// After which a kept connection is likely to be closed just as a request is written that cannot be repeated.
constexpr long longest_idle_seconds = 2;

template <class Value>
void set(void* handle, CURLoption option, Value value) {
    const auto result = curl_easy_setopt(handle, option, value);
    if (result != CURLE_OK) {
        throw base::Error{base::Reason::internal, "internal_error",
                          "the outbound connection cannot be set up",
                          "curl option " + std::to_string(option) + ": " + curl_easy_strerror(result)};
    }
}

void append(curl_slist*& list, const std::string& line) {
    auto* longer = curl_slist_append(list, line.c_str());
    if (!longer) throw std::bad_alloc{};
    list = longer;
}

void wipe_and_free(curl_slist* list) {
    for (auto* node = list; node; node = node->next) explicit_bzero(node->data, ::strlen(node->data));
    curl_slist_free_all(list);
}

std::uint16_t port_of(const sockaddr* address) {
    if (address->sa_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
    return ntohs(reinterpret_cast<const sockaddr_in6*>(address)->sin6_port);
}

std::string part_of(void* url, CURLUPart part) {
    char* text = nullptr;
    curl_url_get(static_cast<CURLU*>(url), part, &text, CURLU_DEFAULT_PORT);
    std::string copy = text ? text : "";
    curl_free(text);
    return copy;
}

CURLcode perform(CURL* handle) {
    const base::Wait wait;
    return curl_easy_perform(handle);
}

}  // namespace

struct Transfer::Callbacks {
    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* wanted) {
        auto& transfer = *static_cast<Transfer*>(self);
        const auto address = Address::of(&wanted->addr);
        if (purpose != CURLSOCKTYPE_IPCXN || !address ||
            !transfer.may_connect(*address, port_of(&wanted->addr))) {
            transfer.stop(Stop::address_blocked);
            return CURL_SOCKET_BAD;
        }
        return ::socket(wanted->family, wanted->socktype | SOCK_CLOEXEC, wanted->protocol);
    }

    static int before_request(void* self, char* address, char*, int port, int) {
        auto& transfer = *static_cast<Transfer*>(self);
        const auto parsed = Address::parse(address);
        if (!parsed || !transfer.may_connect(*parsed, static_cast<std::uint16_t>(port))) {
            transfer.stop(Stop::address_blocked);
            return CURL_PREREQFUNC_ABORT;
        }
        return transfer.may_send() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    }

    static CURLcode prepare_tls(CURL*, void* ssl_context, void* self) {
        static_cast<Transfer*>(self)->context_.trust.install(ssl_context);
        return CURLE_OK;
    }

    static std::size_t header(char* bytes, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->take_header({bytes, size}) ? size : 0;
    }

    static std::size_t body(char* bytes, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->take_body({bytes, size}) ? size : 0;
    }

    static int progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
        return static_cast<Transfer*>(self)->go_on(received) ? 0 : 1;
    }
};

Transfer::Transfer(void* handle, const Context& context, const Request& request, const Limits& limits,
                   const Hooks& hooks)
    : handle_{handle}, context_{context}, request_{request}, limits_{limits}, hooks_{hooks} {}

Transfer::~Transfer() {
    curl_easy_reset(handle_);
    curl_url_cleanup(static_cast<CURLU*>(url_));
    wipe_and_free(fields_);
    curl_slist_free_all(resolve_);
}

bool Transfer::may_connect(const Address& address, std::uint16_t port) const {
    const auto& pinned = context_.pin.addresses;
    if (port != request_.url.port || std::find(pinned.begin(), pinned.end(), address) == pinned.end())
        return false;
    if (request_.url.scheme == "http" && reach_of(address) != Reach::loopback) return false;
    return context_.guard.allows(request_.url.host, port, address);
}

/// libcurl sends a request again, whatever its method, when a kept connection ends without an answer. The
/// upstream may have acted on the first.
bool Transfer::may_send() noexcept {
    if (sent_++ == 0 || request_.method->is_idempotent) return true;
    return stop(Stop::broken_off);
}

void Transfer::set_protocol() {
    set(handle_, CURLOPT_PROTOCOLS_STR, request_.url.scheme.c_str());
    set(handle_, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
    set(handle_, CURLOPT_PROXY, "");
    set(handle_, CURLOPT_NOPROXY, "*");
    set(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(handle_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(handle_, CURLOPT_CAINFO, static_cast<char*>(nullptr));
    set(handle_, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    set(handle_, CURLOPT_SSL_CTX_FUNCTION, &Callbacks::prepare_tls);
    set(handle_, CURLOPT_SSL_CTX_DATA, this);
    set(handle_, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open_socket);
    set(handle_, CURLOPT_OPENSOCKETDATA, this);
    set(handle_, CURLOPT_PREREQFUNCTION, &Callbacks::before_request);
    set(handle_, CURLOPT_PREREQDATA, this);
}

bool Transfer::is_understood_alike() const {
    return part_of(url_, CURLUPART_SCHEME) == request_.url.scheme &&
           part_of(url_, CURLUPART_HOST) == request_.url.host &&
           part_of(url_, CURLUPART_PORT) == std::to_string(request_.url.port) &&
           part_of(url_, CURLUPART_PATH) == request_.url.path;
}

void Transfer::set_request() {
    auto text = request_.url.text();
    if (!request_.query_suffix.empty()) {
        text += request_.url.query.empty() ? '?' : '&';
        text += request_.query_suffix.reveal();
    }
    url_ = curl_url();
    const auto parsed = curl_url_set(static_cast<CURLU*>(url_), CURLUPART_URL, text.c_str(),
                                     CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
    base::wipe(text);
    if (parsed != CURLUE_OK || !is_understood_alike())
        throw base::Error{base::Reason::invalid_input, "invalid_url", "the URL cannot be used"};
    set(handle_, CURLOPT_CURLU, static_cast<CURLU*>(url_));
    set(handle_, CURLOPT_PATH_AS_IS, 1L);

    std::string pin = request_.url.host + ':' + std::to_string(request_.url.port) + ':';
    for (const auto& address : context_.pin.addresses) {
        if (pin.back() != ':') pin += ',';
        pin += address.is_v4() ? address.text() : '[' + address.text() + ']';
    }
    append(resolve_, pin);
    set(handle_, CURLOPT_RESOLVE, resolve_);

    const std::string_view method = request_.method->name;
    if (method == "HEAD") {
        set(handle_, CURLOPT_NOBODY, 1L);
    } else if (request_.body || method == "POST" || method == "PUT" || method == "PATCH") {
        set(handle_, CURLOPT_POST, 1L);
        set(handle_, CURLOPT_POSTFIELDS, request_.body ? request_.body->c_str() : "");
        set(handle_, CURLOPT_POSTFIELDSIZE_LARGE,
            static_cast<curl_off_t>(request_.body ? request_.body->size() : 0));
        if (method != "POST") set(handle_, CURLOPT_CUSTOMREQUEST, request_.method->name);
    } else if (method != "GET") {
        set(handle_, CURLOPT_CUSTOMREQUEST, request_.method->name);
    }
}

void Transfer::set_fields() {
    bool has_type = false;
    for (const auto& field : request_.fields) {
        if (!http_syntax::is_field_name(field.name) || !http_syntax::is_field_value(field.value.reveal())) {
            throw base::Error{base::Reason::invalid_input, "header_not_allowed",
                              "a header is not well formed: names are tokens, values have no line breaks"};
        }
        has_type = has_type || http_syntax::lower(field.name) == "content-type";
        auto line = field.name;
        line += field.value.empty() ? ";" : ": ";
        line += field.value.reveal();
        append(fields_, line);
        base::wipe(line);
    }
    if (!has_type) append(fields_, "Content-Type:");
    append(fields_, "Expect:");
    set(handle_, CURLOPT_HTTPHEADER, fields_);
    set(handle_, CURLOPT_ACCEPT_ENCODING, "gzip");
}

void Transfer::set_limits() {
    set(handle_, CURLOPT_NOSIGNAL, 1L);
    set(handle_, CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::min(limits_.connect, limits_.total).count()));
    set(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.total.count()));
    set(handle_, CURLOPT_HEADERFUNCTION, &Callbacks::header);
    set(handle_, CURLOPT_HEADERDATA, this);
    set(handle_, CURLOPT_WRITEFUNCTION, &Callbacks::body);
    set(handle_, CURLOPT_WRITEDATA, this);
    set(handle_, CURLOPT_NOPROGRESS, 0L);
    set(handle_, CURLOPT_XFERINFOFUNCTION, &Callbacks::progress);
    set(handle_, CURLOPT_XFERINFODATA, this);
    if (request_.pool_key.empty()) set(handle_, CURLOPT_FORBID_REUSE, 1L);
    if (!request_.method->is_idempotent) set(handle_, CURLOPT_MAXAGE_CONN, longest_idle_seconds);
}

Response Transfer::run() {
    set_protocol();
    set_request();
    set_fields();
    set_limits();
    const auto result = perform(handle_);
    if (stop_ != Stop::none) raise_stop();
    if (result != CURLE_OK && !response_.truncated) raise(result);
    is_reusable_ = result == CURLE_OK && !request_.pool_key.empty();
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
}

}  // namespace http_client
