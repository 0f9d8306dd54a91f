#include "page/pages.hpp"

#include <fstream>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"

namespace page {
namespace {

namespace mustache = kainjow::mustache;

[[noreturn]] void refuse(const std::string& message) {
    throw base::Error{base::Reason::invalid_input, "configuration_invalid", message};
}

std::string read(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) refuse("the page template " + file.string() + " cannot be read");
    return text.str();
}

std::string checked(const std::filesystem::path& file) {
    auto text = read(file);
    const mustache::mustache parsed{text};
    if (!parsed.is_valid())
        refuse("the page template " + file.string() + " is malformed: " + parsed.error_message());
    return text;
}

mustache::data data_of(const nlohmann::json& value) {
    if (value.is_object()) {
        mustache::data object{mustache::data::type::object};
        for (const auto& [name, member] : value.items()) object.set(name, data_of(member));
        return object;
    }
    if (value.is_array()) {
        mustache::data list{mustache::data::type::list};
        for (const auto& item : value) list.push_back(data_of(item));
        return list;
    }
    if (value.is_string()) return mustache::data{value.get<std::string>()};
    return mustache::data{value.is_boolean() && value.get<bool>() ? mustache::data::type::bool_true
                                                                  : mustache::data::type::bool_false};
}

std::string fill(const std::string& text, const mustache::data& values) {
    return mustache::mustache{text}.render(values);
}

}  // namespace

Pages::Pages(const std::filesystem::path& folder) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder / "templates", error}) {
        if (entry.path().extension() != ".mustache") continue;
        templates_[entry.path().stem().string()] = checked(entry.path());
    }
    if (!templates_.contains("layout") || !templates_.contains("error"))
        refuse("there are no page templates in " + folder.string());
}

http::Response Pages::render(const std::string& name, const nlohmann::json& values, int status) const {
    auto data = data_of(values);
    const auto content = fill(templates_.at(name), data);
    const auto end = content.find('\n');
    data.set("title", mustache::data{content.substr(0, end)});
    data.set("content", mustache::data{content.substr(end + 1)});
    return {.status = status, .fields = headers(), .body = fill(templates_.at("layout"), data)};
}

http::Response Pages::render_error(int status, std::string_view heading, std::string_view text,
                                   std::string_view code) const {
    return render("error", {{"heading", heading}, {"text", text}, {"code", code}}, status);
}

http::Fields headers() {
    return {
        {"Content-Type", "text/html; charset=utf-8"},
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-store"},
    };
}

http::Response see_other(std::string_view location) {
    return {.status = 303,
            .fields = {{"Location", std::string{location}},
                       {"Cache-Control", "no-store"},
                       {"Referrer-Policy", "no-referrer"}},
            .body = {}};
}

}  // namespace page
