#include "http/form.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "http/media_type.hpp"
#include "http/uri.hpp"

namespace http {
namespace {

[[noreturn]] void refuse(const char* code, const std::string& message) {
    throw base::Error{base::Reason::invalid_input, code, message};
}

bool is_text(const std::pair<std::string, std::string>& parameter) {
    return base::is_utf8(parameter.first) && base::is_utf8(parameter.second);
}

}  // namespace

Form Form::of(const Request& request) {
    if (!is_media_type(request.field("content-type"), "application/x-www-form-urlencoded"))
        refuse("media_type_unsupported", "the body must be application/x-www-form-urlencoded");
    return parse(request.body);
}

Form Form::parse(std::string_view text) {
    if (text.size() > size_limit)
        throw base::Error{base::Reason::too_large, "form_too_large", "the form is longer than 64 KiB"};
    if (std::count(text.begin(), text.end(), '&') >= static_cast<std::ptrdiff_t>(parameter_limit))
        refuse("form_malformed", "the form has more than 100 parameters");
    auto parameters = parse_query(text);
    if (!parameters) refuse("form_malformed", "the form's encoding is broken");
    if (!std::all_of(parameters->begin(), parameters->end(), is_text))
        refuse("form_malformed", "the form is not UTF-8");
    Form form;
    form.parameters_ = std::move(*parameters);
    return form;
}

std::optional<std::string> Form::find(std::string_view name) const {
    std::optional<std::string> found;
    for (const auto& [parameter, value] : parameters_) {
        if (parameter != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    if (found && found->empty()) return std::nullopt;
    return found;
}

std::string Form::require(std::string_view name) const {
    if (is_repeated(name)) refuse("parameter_repeated", std::string{name} + " was sent more than once");
    auto value = find(name);
    if (!value) refuse("parameter_missing", std::string{name} + " is missing");
    return *std::move(value);
}

bool Form::is_repeated(std::string_view name) const {
    return std::count_if(parameters_.begin(), parameters_.end(),
                         [&](const auto& parameter) { return parameter.first == name; }) > 1;
}

std::optional<std::string> Form::first_repeated() const {
    for (const auto& [name, value] : parameters_)
        if (is_repeated(name)) return name;
    return std::nullopt;
}

}  // namespace http
