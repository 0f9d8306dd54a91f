#include "base/log.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/clock.hpp"

namespace base {
namespace {

std::string& log_name() {
    static std::string name{"gatehouse"};
    return name;
}

void append_quoted(std::string& line, std::string_view text) {
    line += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", byte);
            line += escape;
        } else {
            line += c;
        }
    }
    line += '"';
}

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::info:
            return "info";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

}  // namespace

void set_log_name(std::string_view executable) { log_name() = executable; }

void log(Severity severity, std::string_view event,
         std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string line = "{\"time\":";
    append_quoted(line, rfc3339_of(Clock::now()));
    line += ",\"severity\":";
    append_quoted(line, name_of(severity));
    line += ",\"executable\":";
    append_quoted(line, log_name());
    line += ",\"event\":";
    append_quoted(line, event);
    for (const auto& [name, value] : fields) {
        line += ',';
        append_quoted(line, name);
        line += ':';
        append_quoted(line, value);
    }
    line += "}\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace base
