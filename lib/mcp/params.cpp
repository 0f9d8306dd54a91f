#include "mcp/params.hpp"

#include "mcp/error.hpp"

namespace mcp {
namespace {

[[noreturn]] void misfit(const char* name, const char* expected) {
    refuse_params(std::string{name} + ": " + expected);
}

}  // namespace

const json* find_member(const json& object, const char* name) {
    const auto member = object.find(name);
    return member == object.end() ? nullptr : &*member;
}

json* find_member(json& object, const char* name) {
    const auto member = object.find(name);
    return member == object.end() ? nullptr : &*member;
}

const std::string* find_string(const json& object, const char* name) {
    const json* member = find_member(object, name);
    if (member == nullptr) return nullptr;
    if (!member->is_string()) misfit(name, "expected a string");
    return &member->get_ref<const std::string&>();
}

const json* find_object(const json& object, const char* name) {
    const json* member = find_member(object, name);
    if (member == nullptr) return nullptr;
    if (!member->is_object()) misfit(name, "expected an object");
    return member;
}

const std::string& require_string(const json& object, const char* name) {
    const std::string* text = find_string(object, name);
    if (text == nullptr) misfit(name, "is required");
    return *text;
}

const json& require_object(const json& object, const char* name) {
    const json* member = find_object(object, name);
    if (member == nullptr) misfit(name, "is required");
    return *member;
}

json take_object(json& object, const char* name) {
    json* member = find_member(object, name);
    if (member == nullptr) return json::object();
    if (!member->is_object()) misfit(name, "expected an object");
    return std::move(*member);
}

}  // namespace mcp
