#include "account_pages/visit.hpp"

#include "http/own_page.hpp"

namespace account_pages {

std::string Visit::text(std::string_view name) const {
    auto value = form.find(name);
    return value ? *std::move(value) : query.text(name);
}

base::Secret Visit::secret(std::string_view name) const {
    auto value = form.text(name);
    return base::Secret::take(value);
}

std::string Visit::come_back() const { return std::string{http::own_path(text("continue"), "/account")}; }

}  // namespace account_pages
