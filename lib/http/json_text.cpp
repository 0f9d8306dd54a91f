#include "http/json_text.hpp"

#include <cstdio>

namespace http {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
    return static_cast<unsigned char>(text[index]);
}

bool has_continuations(std::string_view text, std::size_t count) {
    if (text.size() <= count) return false;
    for (std::size_t i = 1; i <= count; ++i)
        if ((byte_at(text, i) & 0xc0) != 0x80) return false;
    return true;
}

// The length of the well-formed sequence at the start of the text (Unicode 15 table 3-7), 0 if there is none.
std::size_t sequence_length(std::string_view text) {
    const auto first = byte_at(text, 0);
    const auto second = text.size() > 1 ? byte_at(text, 1) : 0;
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return has_continuations(text, 1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
        return has_continuations(text, 2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
        return has_continuations(text, 3) ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
    } else if (c == '\n') {
        out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", byte);
        out += escape;
    } else {
        out += c;
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0) {
            out += "\xef\xbf\xbd";
        } else if (length == 1) {
            append_escaped(out, text.front());
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

}  // namespace http
