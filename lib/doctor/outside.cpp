#include "doctor/outside.hpp"

namespace doctor {
namespace {

constexpr http_client::Limits limits{.connect = std::chrono::milliseconds{5000},
                                     .total = std::chrono::milliseconds{10000}};

/// The installation's own address may be a private one.
std::vector<std::string> own_address(const std::string& origin) {
    const auto url = http_syntax::parse_url(origin);
    return {url.host + ':' + std::to_string(url.port)};
}

}  // namespace

Outside::Outside(const base::Config& config, const std::filesystem::path& ca)
    : origin_{config.public_url}, client_{http_client::AddressGuard{own_address(origin_)}, ca} {}

http_client::Response Outside::ask(const char* method, const std::string& path,
                                   const std::vector<std::pair<std::string, std::string>>& fields,
                                   const std::optional<std::string>& body) {
    http_client::Request request;
    request.method = http_syntax::find_method(method);
    request.url = http_syntax::parse_url(origin_ + path);
    request.body = body;
    request.pool_key = "doctor";
    for (const auto& [name, value] : fields) request.fields.push_back({name, base::Secret{value}});
    return client_.perform(request, limits);
}

}  // namespace doctor
