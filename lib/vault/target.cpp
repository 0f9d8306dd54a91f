#include "vault/target.hpp"

#include "base/error.hpp"
#include "vault/origin.hpp"

namespace vault {

http_syntax::Url target_of(const std::string& url, const std::vector<std::string>& origins) {
    const bool is_path = url.starts_with('/');
    auto target = http_syntax::parse_url(is_path ? parse_origin(origins.front()).origin() + url : url);
    std::string known;
    for (const auto& text : origins) {
        if (is_at_origin(target, parse_origin(text))) return target;
        (known += ' ') += text;
    }
    throw base::Error{base::Reason::forbidden, "origin_not_allowed",
                      "this service may only be called at" + known};
}

}  // namespace vault
