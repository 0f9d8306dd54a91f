#pragma once

#include <string_view>

#include "http/request.hpp"

namespace http {

/// Whether a form may have been sent by a page of our own. Sec-Fetch-Site decides where the browser sends it
/// (same-origin alone passes); else Origin, when it names one, must be `public_url`. A browser that says
/// neither passes, as does the Origin `null` that our own Referrer-Policy causes: the form's token decides.
bool is_from_own_page(const Request& request, std::string_view public_url) noexcept;

/// A path to come back to on our own origin: begins with one slash, and holds nothing that a browser could
/// take for another host ("//", "\", control characters). Anything else becomes `fallback`.
std::string_view own_path(std::string_view text, std::string_view fallback = "/") noexcept;

}  // namespace http
