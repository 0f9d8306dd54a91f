#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vault {

/// The names in braces in a connector's template, in order.
/// Throws base::Error (invalid_input, "template_invalid") for a brace without its partner or name.
std::vector<std::string> placeholders_of(std::string_view text);

/// The template with each {name} replaced by what `value_of` says, or left standing when it says nothing.
/// What is put in is not looked at again.
std::string fill_in(std::string_view text,
                    const std::function<const std::string*(const std::string& name)>& value_of);

}  // namespace vault
