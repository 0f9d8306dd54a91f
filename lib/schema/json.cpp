#include "schema/json.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"

namespace schema {
namespace {

[[noreturn]] void refuse(const char* code, const std::string& message) {
    throw base::Error{base::Reason::invalid_input, code, message};
}

/// Builds the value while it watches depth and member names.
class Builder : public nlohmann::json_sax<json> {
public:
    json take() { return std::move(root_); }

    bool null() override { return add(json(nullptr)); }
    bool boolean(bool value) override { return add(json(value)); }
    bool number_integer(number_integer_t value) override { return add(json(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(json(value)); }
    bool number_float(number_float_t value, const string_t&) override { return add(json(value)); }
    bool string(string_t& value) override { return add(json(std::move(value))); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (open_.back()->contains(name))
            refuse("json_duplicate_key", "a member name occurs twice in one object");
        key_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
        refuse("json_malformed", "not valid JSON at byte " + std::to_string(position));
    }

private:
    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        json& slot = parent[key_];
        slot = std::move(value);
        return &slot;
    }
    bool add(json value) {
        place(std::move(value));
        return true;
    }
    bool open(json container) {
        if (open_.size() == depth_limit) refuse("json_too_deep", "JSON is nested too deeply");
        open_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    json root_;
    std::vector<json*> open_;
    std::string key_;
};

void append_escaped(std::string& text, unsigned char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        text += '\\';
        text += static_cast<char>(c);
    } else {
        text += "\\u00";
        text += digits[c >> 4];
        text += digits[c & 15];
    }
}

}  // namespace

json parse(std::string_view text) {
    Builder builder;
    json::sax_parse(text, &builder);
    return builder.take();
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string quote(std::string_view text) {
    std::string quoted;
    quoted.reserve(text.size() + text.size() / 4 + 2);
    quoted += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        quoted.append(text, start, i - start);
        start = i + 1;
        append_escaped(quoted, c);
    }
    quoted.append(text, start);
    return quoted += '"';
}

std::string canonical(const json& value) { return dump(value); }

}  // namespace schema
