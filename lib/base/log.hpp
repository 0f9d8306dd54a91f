#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace base {

enum class Severity { info, warning, error };

/// Writes one JSON line to standard error: time, severity, executable, event, fields.
/// Never pass a secret, a query string or a body. Safe from any thread.
void log(Severity severity, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

/// Names this executable in every later log line.
void set_log_name(std::string_view executable);

}  // namespace base
