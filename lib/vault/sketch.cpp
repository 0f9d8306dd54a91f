#include "vault/sketch.hpp"

#include "vault/placeholder.hpp"

namespace vault {

CredentialSketch sketch_of(const AuthMethod& method, const Service& service) {
    const auto filled = [&](const std::string& text) {
        return fill_in(text, [&](const std::string& name) {
            const auto found = service.settings.find(name);
            return found == service.settings.end() ? nullptr : &found->second;
        });
    };
    CredentialSketch sketch;
    for (const auto& injection : method.injections) {
        const auto name = filled(injection.name);
        const auto value = filled(injection.value);
        switch (injection.place) {
            case Place::header:
                sketch.fields.emplace(name, value);
                break;
            case Place::query:
                sketch.query.emplace_back(name, value);
                break;
            case Place::basic:
                sketch.fields.emplace("Authorization", "Basic base64(" + value + ")");
                break;
            case Place::body:
                sketch.members.emplace_back(name, value);
                break;
        }
    }
    if (method.signature) sketch.fields.emplace("Authorization", "{" + *method.signature + "}");
    return sketch;
}

}  // namespace vault
