#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace page {

/// The product's HTML pages: templates/NAME.mustache in a folder, each put into templates/layout.mustache.
///
/// A template's first line is the page's title, the rest its content. Values come from a JSON object:
/// {{name}} escapes for text and quoted attributes, {{{name}}} does not and is for the layout alone,
/// {{#name}}...{{/name}} shows once for true, for each item of an array, or not at all, {{^name}} the
/// opposite. Members of the values may not be numbers: write them as text. Safe from any thread.
class Pages {
public:
    /// Reads all templates. Throws base::Error (invalid_input, "configuration_invalid") when one cannot be
    /// parsed or none is there.
    explicit Pages(const std::filesystem::path& folder);

    /// A whole answer, with the fields of headers(). The member "account" of the values, when there, is shown
    /// in the page's header as who is signed in.
    /// REQUIRES: a template of that name.
    http::Response render(const std::string& name, const nlohmann::json& values, int status = 200) const;

    /// The page for what went wrong: `heading` and `text` in words, `code` for support.
    http::Response render_error(int status, std::string_view heading, std::string_view text,
                                std::string_view code) const;

private:
    std::map<std::string, std::string, std::less<>> templates_;
};

/// What goes with every page: its type, a policy that allows our own style sheet and images and nothing
/// else, no framing, no caching, no referrer. (No form-action: it would stop the redirect after consent.)
http::Fields headers();

/// 303: the browser asks for `location` with GET, whatever it sent (RFC 9110 section 15.4.4).
http::Response see_other(std::string_view location);

}  // namespace page
