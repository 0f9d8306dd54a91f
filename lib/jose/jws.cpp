#include "jose/jws.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "schema/json.hpp"

namespace jose {
namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 16 * 1024;

std::optional<json> header_of(std::string_view part) {
    const auto text = crypto::bytes_of_base64url(part);
    if (!text) return std::nullopt;
    try {
        return std::make_optional<json>(schema::parse(*text));
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

bool reads_text(const json& object, const char* name, std::string& text) {
    const auto member = object.find(name);
    if (member == object.end()) return true;
    if (!member->is_string()) return false;
    text = member->get<std::string>();
    return true;
}

bool read_header(const json& header, Jws& jws) {
    std::string algorithm;
    if (!header.is_object() || header.contains("crit")) return false;
    if (!reads_text(header, "alg", algorithm) || !reads_text(header, "kid", jws.key_id) ||
        !reads_text(header, "typ", jws.type)) {
        return false;
    }
    const auto known = algorithm_of(algorithm);
    if (known) jws.algorithm = *known;
    return known.has_value();
}

}  // namespace

std::optional<Jws> parse_jws(std::string_view text) {
    if (text.size() > longest_text) return std::nullopt;
    const auto first = text.find('.');
    const auto second = text.rfind('.');
    if (first == second || text.find('.', first + 1) != second) return std::nullopt;
    const auto header = header_of(text.substr(0, first));
    auto payload = crypto::bytes_of_base64url(text.substr(first + 1, second - first - 1));
    auto signature = crypto::bytes_of_base64url(text.substr(second + 1));
    Jws jws;
    if (!header || !payload || !signature || !read_header(*header, jws)) return std::nullopt;
    jws.payload = *std::move(payload);
    jws.signature = *std::move(signature);
    jws.signing_input = text.substr(0, second);
    return jws;
}

bool is_signed_by(const PublicKey& key, const Jws& jws) {
    return key.verifies(jws.algorithm, jws.signing_input, jws.signature);
}

std::string sign_jws(const SigningKey& key, std::string_view type, std::string_view payload) {
    std::string header = R"({"alg":")";
    header.append(name_of(key.algorithm())).append(R"(","kid":")").append(key.id());
    header.append(R"(","typ":")").append(type).append("\"}");
    auto text = crypto::base64url_of(header) + '.' + crypto::base64url_of(payload);
    const auto signature = crypto::base64url_of(key.sign(text));
    text += '.';
    text += signature;
    return text;
}

}  // namespace jose
