#include "egress/projection.hpp"

#include <map>

namespace egress {
namespace {

using egress_client::json;
using Tokens = std::vector<std::string>;
using Paths = std::vector<Tokens>;

Tokens tokens_of(std::string_view pointer) {
    Tokens tokens;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        std::string token;
        for (std::size_t at = 0; at < end; ++at) {
            const bool is_escape = pointer[at] == '~' && at + 1 < end;
            token += is_escape ? (pointer[++at] == '1' ? '/' : '~') : pointer[at];
        }
        tokens.push_back(std::move(token));
        pointer.remove_prefix(end);
    }
    return tokens;
}

/// What is left of the paths that lead into the member.
Paths inside(const Paths& paths, const std::string& member) {
    Paths rest;
    for (const auto& path : paths) {
        if (path.front() == "*" || path.front() == member) rest.emplace_back(path.begin() + 1, path.end());
    }
    return rest;
}

json pick(const json& value, const Paths& paths) {
    for (const auto& path : paths) {
        if (path.empty()) return value;
    }
    json picked = value.is_array() ? json::array() : json::object();
    std::size_t index = 0;
    for (const auto& member : value.items()) {
        const auto rest = inside(paths, value.is_array() ? std::to_string(index++) : member.key());
        auto part = rest.empty() ? json(nullptr) : pick(member.value(), rest);
        if (part.is_null()) continue;
        if (value.is_array())
            picked.push_back(std::move(part));
        else
            picked[member.key()] = std::move(part);
    }
    return picked.empty() ? json(nullptr) : picked;
}

}  // namespace

json projection_of(const json& value, const std::vector<std::string>& pointers) {
    if (!value.is_structured()) return nullptr;
    Paths paths;
    for (const auto& pointer : pointers) paths.push_back(tokens_of(pointer));
    return pick(value, paths);
}

void project(egress_client::CallResult& result, const std::vector<std::string>& pointers) {
    const bool has_other = result.body || result.body_base64;
    if (has_other) result.withheld = "the service's policy shows parts of JSON alone, and this is none";
    result.body.reset();
    result.body_base64.reset();
    if (!result.body_json) return;
    auto picked = projection_of(*result.body_json, pointers);
    result.body_json.reset();
    if (!picked.is_null())
        result.body_json = std::move(picked);
    else
        result.withheld = "nothing in the answer is among what the service's policy shows";
}

}  // namespace egress
