#include "vault/placeholder.hpp"

#include "base/error.hpp"

namespace vault {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

struct Placeholder {
    std::size_t begin;
    std::size_t end;
    std::string name;
};

std::vector<Placeholder> find_all(std::string_view text) {
    std::vector<Placeholder> found;
    for (std::size_t at = 0; (at = text.find_first_of("{}", at)) != std::string_view::npos;) {
        const auto end = text.find('}', at);
        const auto name = end == std::string_view::npos ? "" : text.substr(at + 1, end - at - 1);
        if (text[at] == '}' || !is_name(name)) {
            throw base::Error{base::Reason::invalid_input, "template_invalid",
                              "\"" + std::string{text} + "\" has a brace that encloses no name"};
        }
        found.push_back({at, end + 1, std::string{name}});
        at = end + 1;
    }
    return found;
}

}  // namespace

std::vector<std::string> placeholders_of(std::string_view text) {
    std::vector<std::string> names;
    for (auto& placeholder : find_all(text)) names.push_back(std::move(placeholder.name));
    return names;
}

std::string fill_in(std::string_view text,
                    const std::function<const std::string*(const std::string& name)>& value_of) {
    std::string filled;
    std::size_t done = 0;
    for (const auto& placeholder : find_all(text)) {
        const auto* value = value_of(placeholder.name);
        if (!value) continue;
        filled += text.substr(done, placeholder.begin - done);
        filled += *value;
        done = placeholder.end;
    }
    return filled += text.substr(done);
}

}  // namespace vault
