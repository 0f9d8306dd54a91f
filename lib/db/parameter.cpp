#include "db/parameter.hpp"

namespace db {
namespace {

void append_quoted(std::string& array, std::string_view text) {
    array += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') array += '\\';
        array += c;
    }
    array += '"';
}

}  // namespace

Parameter::Parameter(const std::vector<std::string>& texts) {
    text_ = "{";
    for (const auto& text : texts) {
        if (text_.size() > 1) text_ += ',';
        append_quoted(text_, text);
    }
    text_ += '}';
}

Parameter::Parameter(const std::vector<std::optional<std::string>>& texts) {
    text_ = "{";
    for (const auto& text : texts) {
        if (text_.size() > 1) text_ += ',';
        if (text) {
            append_quoted(text_, *text);
        } else {
            text_ += "NULL";
        }
    }
    text_ += '}';
}

}  // namespace db
