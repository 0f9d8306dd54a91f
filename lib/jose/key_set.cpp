#include "jose/key_set.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace jose {
namespace {

using nlohmann::json;

constexpr std::size_t most_keys = 100;

[[noreturn]] void refuse(const char* message) {
    throw base::Error{base::Reason::invalid_input, "jwks_invalid", message};
}

}  // namespace

KeySet KeySet::parse(const json& jwks) {
    const auto list = jwks.is_object() ? jwks.find("keys") : jwks.end();
    if (list == jwks.end() || !list->is_array()) refuse("a JSON Web Key Set is an object with an array keys");
    if (list->size() > most_keys) refuse("the JSON Web Key Set holds more than 100 keys");
    KeySet set;
    for (const auto& jwk : *list) {
        if (auto key = PublicKey::parse(jwk)) set.keys_.push_back(*std::move(key));
    }
    return set;
}

const PublicKey* KeySet::find(std::string_view id, Algorithm algorithm) const {
    const PublicKey* found = nullptr;
    for (const auto& key : keys_) {
        if (!key.does(algorithm) || (!id.empty() && key.id() != id)) continue;
        if (found) return nullptr;
        found = &key;
    }
    return found;
}

json KeySet::jwks() const {
    json keys = json::array();
    for (const auto& key : keys_) {
        auto jwk = key.jwk();
        jwk["use"] = "sig";
        keys.push_back(std::move(jwk));
    }
    json set = json::object();
    set["keys"] = std::move(keys);
    return set;
}

}  // namespace jose
