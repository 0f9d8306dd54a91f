#include "db/parameter.hpp"

namespace db {

Parameter::Parameter(const std::vector<std::string>& texts) {
    text_ = "{";
    for (const auto& text : texts) {
        if (text_.size() > 1) text_ += ',';
        text_ += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') text_ += '\\';
            text_ += c;
        }
        text_ += '"';
    }
    text_ += '}';
}

}  // namespace db
