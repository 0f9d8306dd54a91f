#include "oauth/metadata_document.hpp"

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "http/media_type.hpp"
#include "oauth/error.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/registration.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds least_fresh{60};
constexpr std::chrono::seconds usual_fresh{3600};
constexpr std::chrono::seconds most_fresh{86400};
constexpr double fetches_per_hour = 120;

[[noreturn]] void refuse(const std::string& what) {
    throw refusal("invalid_client_metadata", "The program's metadata document " + what);
}

bool has_dot_segment(std::string_view path) {
    std::string plain;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool is_dot = path[i] == '%' && i + 2 < path.size() && path[i + 1] == '2' &&
                            (path[i + 2] == 'e' || path[i + 2] == 'E');
        plain += is_dot ? '.' : path[i];
        if (is_dot) i += 2;
    }
    plain += '/';
    return plain.find("/./") != std::string::npos || plain.find("/../") != std::string::npos;
}

/// Redirect URIs that may not be registered are left out: a document serves every server, not ours alone.
json usable_redirect_uris(const json& document) {
    json usable = json::array();
    const auto uris = document.find("redirect_uris");
    if (uris == document.end() || !uris->is_array()) refuse("names no redirect_uris");
    for (const auto& uri : *uris) {
        if (uri.is_string() && parse_redirect_uri(uri.get_ref<const std::string&>())) usable.push_back(uri);
    }
    if (usable.empty()) refuse("names no redirect URI that may be used");
    return usable;
}

std::string text_at(const json& document, const char* name) {
    const auto member = document.find(name);
    return member != document.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

json parsed(const std::string& text) {
    try {
        auto document = schema::parse(text);
        if (document.is_object()) return document;
    } catch (const base::Error&) {
    }
    refuse("is not a JSON object");
}

std::string host_of(const std::string& url) { return url.substr(0, url.find('/', 8)); }

}  // namespace

base::Error unreachable_document(std::string detail) {
    return base::Error{base::Reason::upstream_failed, "client_metadata_unreachable",
                       "The program's metadata document could not be fetched. Try again in a minute.",
                       std::move(detail)};
}

bool is_sound_document_url(std::string_view url) {
    const auto parts = parse_redirect_uri(url);
    if (!parts || parts->kind != RedirectKind::https) return false;
    const auto path = parts->target.substr(0, parts->target.find('?'));
    return path.size() > 1 && path.front() == '/' && !has_dot_segment(path);
}

ClientMetadata read_metadata_document(const std::string& url, const json& published) {
    if (text_at(published, "client_id") != url) refuse("names another client_id than its own URL");
    if (text_at(published, "client_name").empty()) refuse("has no client_name");
    if (published.contains("client_secret") || published.contains("client_secret_expires_at"))
        refuse("holds a secret");
    json document = published;
    document["redirect_uris"] = usable_redirect_uris(published);
    if (text_at(published, "token_endpoint_auth_method").empty())
        document["token_endpoint_auth_method"] = "none";
    const auto method = auth_method_of(text_at(document, "token_endpoint_auth_method"));
    if (method != AuthMethod::none && method != AuthMethod::private_key_jwt)
        refuse("asks for an authentication method that a public document cannot have");
    try {
        return read_client_metadata(document);
    } catch (const base::Error& error) {
        refuse(std::string{"cannot be used: "} + error.what());
    }
}

std::chrono::seconds freshness_of(std::string_view cache_control) {
    constexpr std::string_view name = "max-age=";
    if (cache_control.find("no-store") != std::string_view::npos ||
        cache_control.find("no-cache") != std::string_view::npos)
        return least_fresh;
    const auto place = cache_control.find(name);
    if (place == std::string_view::npos) return usual_fresh;
    const auto digits = cache_control.substr(place + name.size());
    long seconds = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), seconds).ec != std::errc{})
        return usual_fresh;
    return std::clamp(std::chrono::seconds{seconds}, least_fresh, most_fresh);
}

Client MetadataDocuments::require(const std::string& url, const std::string& remote_address) {
    if (!is_sound_document_url(url))
        throw refusal("invalid_client", "The program names itself by a URL that no program may have.");
    if (!is_fresh(url)) refresh_once(url, remote_address);
    db::Autocommit session{database_, {}};
    if (auto client = find_client(session, url)) return *std::move(client);
    throw refusal("invalid_client", "The program is not allowed here.");
}

bool MetadataDocuments::is_fresh(const std::string& url) {
    static constexpr db::Statement select{
        "oauth.is_document_fresh", "SELECT fresh_until > now() FROM oauth.client WHERE client_id = $1"};
    db::Autocommit session{database_, {}};
    const auto result = session.query(select, url);
    return !result.empty() && result.front().boolean(0);
}

void MetadataDocuments::refresh(const std::string& url, const std::string& remote_address) {
    try {
        count(url, remote_address);
        const auto answer = fetch(url);
        auto document = parsed(answer.body);
        add_keys(document);
        store(url, read_metadata_document(url, document), freshness_of(answer.cache_control));
    } catch (const base::Error& error) {
        db::Autocommit session{database_, {}};
        if (!find_client(session, url)) throw;
        base::log(base::Severity::warning, "client_metadata_stale",
                  {{"code", error.code()}, {"detail", error.what()}});
    }
}

void MetadataDocuments::count(const std::string& url, const std::string& remote_address) {
    static constexpr db::Statement take{"oauth.take_fetch", "SELECT oauth.take_registration($1, $2, $3)"};
    db::Autocommit session{database_, {}};
    const auto host = "document host " + crypto::sha256_hex(host_of(url)).substr(0, 32);
    for (const auto& source : {host, "document from " + registration_source_of(remote_address)}) {
        const auto wait = session.query(take, source, fetches_at_once_, fetches_per_hour).front().number(0);
        if (wait > 0)
            throw base::Error{base::Reason::rate_limited, "temporarily_unavailable",
                              "Too many programs were looked up; try again in a minute."};
    }
}

egress_client::Document MetadataDocuments::fetch(const std::string& url) {
    egress_client::Document document;
    try {
        document = documents_.fetch(url);
    } catch (const base::Error& error) {
        throw unreachable_document(error.code());
    }
    if (document.status != 200)
        throw base::Error{base::Reason::upstream_failed, "client_metadata_unreachable",
                          "The host of the program's metadata document answered " +
                              std::to_string(document.status) + " instead of the document."};
    return document;
}

/// Keys that lie elsewhere are put into the document: the token endpoint cannot fetch them.
void MetadataDocuments::add_keys(json& document) {
    const auto keys = text_at(document, "jwks_uri");
    if (document.contains("jwks") || text_at(document, "token_endpoint_auth_method") != "private_key_jwt")
        return;
    if (keys.empty() || !is_sound_document_url(keys))
        refuse("names no keys to authenticate the program with");
    document["jwks"] = parsed(fetch(keys).body);
}

void MetadataDocuments::store(const std::string& url, const ClientMetadata& metadata,
                              std::chrono::seconds fresh) {
    static constexpr db::Statement upsert{"oauth.store_metadata_document", R"sql(
        INSERT INTO oauth.client AS c (id, client_id, origin, name, redirect_uris, grant_types,
                                       token_endpoint_auth_method, jwks, metadata, metadata_sha256, fetched_at,
                                       fresh_until)
        VALUES ($1, $2, 'metadata_document', $3, $4, $5, $6, $7, $8, $9, now(), now() + make_interval(secs => $10))
        ON CONFLICT (client_id) DO UPDATE
           SET name = excluded.name, redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types,
               token_endpoint_auth_method = excluded.token_endpoint_auth_method, jwks = excluded.jwks,
               metadata = excluded.metadata, metadata_sha256 = excluded.metadata_sha256,
               fetched_at = excluded.fetched_at, fresh_until = excluded.fresh_until, registered_at = now()
    )sql"};
    std::optional<std::string> jwks;
    if (!metadata.jwks.empty()) jwks = metadata.jwks;
    db::Autocommit session{database_, {}};
    session.query(upsert, ClientKey::create(), url, metadata.name, metadata.redirect_uris,
                  metadata.grant_types, name_of(metadata.auth_method), jwks, schema::dump(metadata.echoed),
                  db::Bytes{digest_of(metadata)}, fresh.count());
}

}  // namespace oauth
