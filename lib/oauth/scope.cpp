#include "oauth/scope.hpp"

#include <string>
#include <vector>

namespace oauth {

auth::Scopes known_scopes_of(std::string_view list) {
    std::vector<std::string> known;
    while (!list.empty()) {
        const auto end = list.find(' ');
        const auto name = list.substr(0, end);
        for (const auto scope :
             {auth::Scope::mcp_read, auth::Scope::mcp_write, auth::Scope::vault_reveal, auth::Scope::admin}) {
            if (name == auth::name_of(scope)) known.emplace_back(name);
        }
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
    return auth::Scopes::parse(known);
}

}  // namespace oauth
