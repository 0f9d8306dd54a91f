#include <algorithm>
#include <array>

#include "auth/principal.hpp"
#include "base/error.hpp"

namespace auth {
namespace {

constexpr std::array every_scope{Scope::mcp_read, Scope::mcp_write, Scope::vault_reveal, Scope::admin};

}  // namespace

std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::mcp_read:
            return "mcp.read";
        case Scope::mcp_write:
            return "mcp.write";
        case Scope::vault_reveal:
            return "vault.reveal";
        case Scope::admin:
            return "admin";
    }
    return "";
}

Scopes::Scopes(std::initializer_list<Scope> scopes) {
    for (const auto scope : scopes) bits_ |= static_cast<std::uint8_t>(scope);
}

Scopes Scopes::parse(const std::vector<std::string>& names) {
    Scopes scopes;
    for (const auto& name : names) {
        const auto before = scopes.bits_;
        bool known = false;
        for (const auto scope : every_scope) {
            if (name != name_of(scope)) continue;
            scopes.bits_ = static_cast<std::uint8_t>(before | static_cast<std::uint8_t>(scope));
            known = true;
        }
        if (!known) {
            throw base::Error{base::Reason::invalid_input, "unknown_scope",
                              "unknown scope; the scopes are mcp.read, mcp.write, vault.reveal and admin"};
        }
    }
    return scopes;
}

Scopes Scopes::known_in(std::string_view text) {
    Scopes scopes;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        for (const auto scope : every_scope) {
            if (text.substr(begin, end - begin) == name_of(scope))
                scopes.bits_ |= static_cast<std::uint8_t>(scope);
        }
        begin = end + 1;
    }
    return scopes;
}

bool Scopes::include(const Scopes& other) const noexcept {
    return std::ranges::all_of(every_scope,
                               [&](Scope scope) { return allows(scope) || !other.allows(scope); });
}

Scopes Scopes::common_with(const Scopes& other) const noexcept {
    Scopes common;
    for (const auto scope : every_scope) {
        if (allows(scope) && other.allows(scope)) common.bits_ |= static_cast<std::uint8_t>(scope);
    }
    return common;
}

bool Scopes::allows(Scope scope) const noexcept {
    if (scope == Scope::mcp_read && (bits_ & static_cast<std::uint8_t>(Scope::mcp_write)) != 0) return true;
    return (bits_ & static_cast<std::uint8_t>(scope)) != 0;
}

std::vector<std::string> Scopes::names() const {
    std::vector<std::string> names;
    for (const auto scope : every_scope) {
        if ((bits_ & static_cast<std::uint8_t>(scope)) != 0) names.emplace_back(name_of(scope));
    }
    return names;
}

std::string Scopes::text() const {
    std::string text;
    for (const auto& name : names()) {
        if (!text.empty()) text += ' ';
        text += name;
    }
    return text;
}

}  // namespace auth
