#include "tool/text.hpp"

#include "crypto/digest.hpp"
#include "schema/json.hpp"

namespace tool {

Text write(const nlohmann::json& value) {
    auto line = schema::dump(value);
    auto quoted = schema::quote(line);
    auto digest = crypto::sha256(line);
    return {std::move(line), std::move(quoted), std::move(digest)};
}

}  // namespace tool
