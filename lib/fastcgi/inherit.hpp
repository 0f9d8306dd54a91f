#pragma once

#include <optional>

namespace fastcgi {

/// The listening socket this process was started with: systemd's first (LISTEN_FDS), else descriptor 0.
/// Nothing when there is none, which means plain CGI. Made non-blocking; every other descriptor above 2
/// is closed.
std::optional<int> inherit_listener();

}  // namespace fastcgi
