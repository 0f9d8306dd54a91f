#include <thread>

#include "base/wait.hpp"
#include "crypto/digest.hpp"
#include "oauth/metadata_document.hpp"

namespace oauth {
namespace {

constexpr std::chrono::seconds longest_flight{20};
/// Clients give up after ten seconds.
constexpr std::chrono::seconds longest_wait{9};
constexpr std::chrono::milliseconds between_looks{50};

}  // namespace

bool MetadataDocuments::is_known(const std::string& url) {
    db::Autocommit session{database_, {}};
    return find_client(session, url).has_value();
}

bool MetadataDocuments::claim(const std::string& url) {
    static constexpr db::Statement insert{"oauth.claim_fetch", R"sql(
        INSERT INTO oauth.document_fetch AS f (url_sha256, ends_at)
        VALUES ($1, clock_timestamp() + make_interval(secs => $2))
        ON CONFLICT (url_sha256) DO UPDATE SET ends_at = excluded.ends_at WHERE f.ends_at < clock_timestamp()
    )sql"};
    db::Autocommit session{database_, {}};
    return session.query(insert, db::Bytes{crypto::sha256(url)}, longest_flight.count()).affected() == 1;
}

void MetadataDocuments::release(const std::string& url) {
    static constexpr db::Statement remove{
        "oauth.release_fetch",
        "DELETE FROM oauth.document_fetch WHERE url_sha256 = $1 OR ends_at < now() - interval '1 hour'"};
    db::Autocommit{database_, {}}.query(remove, db::Bytes{crypto::sha256(url)});
}

bool MetadataDocuments::is_claimed(const std::string& url) {
    static constexpr db::Statement select{
        "oauth.is_fetch_claimed",
        "SELECT FROM oauth.document_fetch WHERE url_sha256 = $1 AND ends_at > clock_timestamp()"};
    db::Autocommit session{database_, {}};
    return !session.query(select, db::Bytes{crypto::sha256(url)}).empty();
}

void MetadataDocuments::await_fetch(const std::string& url) {
    const base::Wait wait;
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    while (!is_known(url) && is_claimed(url) && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(between_looks);
    if (!is_known(url)) throw unreachable_document();
}

void MetadataDocuments::refresh_once(const std::string& url, const std::string& remote_address) {
    if (!claim(url)) return await_fetch(url);
    try {
        if (!is_fresh(url)) refresh(url, remote_address);
    } catch (...) {
        release(url);
        throw;
    }
    release(url);
}

}  // namespace oauth
