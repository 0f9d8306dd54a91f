#include "egress/sigv4.hpp"

#include <time.h>

#include <algorithm>
#include <map>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "http_syntax/field.hpp"
#include "vault/grant_check.hpp"

namespace egress {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// A path that was encoded once for the way is encoded once more for the signature; S3 alone does not.
std::string canonical_path(std::string_view path, const AwsScope& scope) {
    if (scope.service == "s3") return std::string{path};
    std::string canonical;
    for (const char c : path) {
        if (c == '/')
            canonical += c;
        else
            canonical += http_syntax::percent_encode({&c, 1});
    }
    return canonical;
}

std::string recoded(std::string_view text) {
    return http_syntax::percent_encode(http_syntax::percent_decode(text));
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        parameters.emplace_back(recoded(pair.substr(0, equals)),
                                equals == pair.size() ? "" : recoded(pair.substr(equals + 1)));
    }
    std::sort(parameters.begin(), parameters.end());
    std::string canonical;
    for (const auto& [name, value] : parameters)
        canonical += (canonical.empty() ? "" : "&") + name + '=' + value;
    return canonical;
}

/// Without spaces at its ends, runs of them inside as one.
std::string trimmed(std::string_view value) {
    std::string text;
    for (const char c : value) {
        const bool is_space = c == ' ' || c == '\t' || c == '\n';
        if (is_space && (text.empty() || text.back() == ' ')) continue;
        text += is_space ? ' ' : c;
    }
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::map<std::string, std::string> canonical_fields(
    const std::vector<std::pair<std::string, std::string>>& fields) {
    std::map<std::string, std::string> canonical;
    for (const auto& [name, value] : fields) {
        auto& joined = canonical[http_syntax::lower(name)];
        joined += (joined.empty() ? "" : ",") + trimmed(value);
    }
    return canonical;
}

base::Secret signing_key(std::string_view secret, std::string_view day, const AwsScope& scope) {
    auto key = "AWS4" + std::string{secret};
    for (const auto part : {day, std::string_view{scope.region}, std::string_view{scope.service},
                            std::string_view{"aws4_request"}}) {
        auto next = crypto::hmac_sha256(key, part);
        base::wipe(key);
        key = std::move(next);
    }
    return base::Secret::take(key);
}

std::string date_of(base::Clock::time_point now) {
    const auto seconds = base::Clock::to_time_t(now);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[20];
    return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

std::string host_of(const http_client::Url& url) {
    const auto origin = url.origin();
    return origin.substr(origin.find("//") + 2);
}

std::string_view secret_of(const vault::Secrets& secrets, const char* name) {
    const auto found = secrets.find(name);
    return found == secrets.end() ? std::string_view{} : found->second.reveal();
}

}  // namespace

std::string aws_authorization(const AwsRequest& request, const AwsScope& scope, std::string_view date,
                              std::string_view access_key_id, std::string_view secret_access_key) {
    std::string names;
    std::string lines;
    for (const auto& [name, value] : canonical_fields(request.fields)) {
        names += (names.empty() ? "" : ";") + name;
        lines += name + ':' + value + '\n';
    }
    const auto canonical = std::string{request.method} + '\n' + canonical_path(request.path, scope) + '\n' +
                           canonical_query(request.query) + '\n' + lines + '\n' + names + '\n' +
                           request.body_sha256;
    const auto day = date.substr(0, 8);
    const auto reach = std::string{day} + '/' + scope.region + '/' + scope.service + "/aws4_request";
    const auto text = std::string{algorithm} + '\n' + std::string{date} + '\n' + reach + '\n' +
                      crypto::sha256_hex(canonical);
    const auto signature =
        crypto::hex_of(crypto::hmac_sha256(signing_key(secret_access_key, day, scope).reveal(), text));
    return std::string{algorithm} + " Credential=" + std::string{access_key_id} + '/' + reach +
           ", SignedHeaders=" + names + ", Signature=" + signature;
}

void sign_for_aws(http_client::Request& request, const AwsScope& scope, const vault::Secrets& secrets,
                  base::Clock::time_point now) {
    const auto date = date_of(now);
    const auto body_sha256 = crypto::sha256_hex(request.body.value_or(""));
    request.fields.push_back({"X-Amz-Date", base::Secret{date}});
    request.fields.push_back({"X-Amz-Content-Sha256", base::Secret{body_sha256}});
    const auto session = secret_of(secrets, vault::aws_session_token);
    if (!session.empty()) request.fields.push_back({"X-Amz-Security-Token", base::Secret{session}});

    AwsRequest signed_part{.method = request.method->name,
                           .path = request.url.path,
                           .query = request.url.query,
                           .fields = {{"host", host_of(request.url)}},
                           .body_sha256 = body_sha256};
    for (const auto& field : request.fields) {
        const auto name = http_syntax::lower(field.name);
        if (name.starts_with("x-amz-") || name == "content-type")
            signed_part.fields.emplace_back(name, field.value.reveal());
    }
    auto authorization =
        aws_authorization(signed_part, scope, date, secret_of(secrets, vault::aws_access_key_id),
                          secret_of(secrets, vault::aws_secret_access_key));
    request.fields.push_back({"Authorization", base::Secret::take(authorization)});
}

}  // namespace egress
