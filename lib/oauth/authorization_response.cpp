#include "oauth/authorization_response.hpp"

#include "http/uri.hpp"
#include "oauth/error.hpp"

namespace oauth {
namespace {

void append(std::string& uri, std::string_view name, std::string_view value) {
    uri += uri.find('?') == std::string::npos ? '?' : '&';
    uri += name;
    uri += '=';
    uri += http::percent_encode(value);
}

std::string finish(std::string uri, const ReturnAddress& address, const std::string& issuer) {
    if (address.state) append(uri, "state", *address.state);
    append(uri, "iss", issuer);
    return uri;
}

}  // namespace

AuthorizationRefusal::AuthorizationRefusal(ReturnAddress address, std::string code,
                                           const std::string& description)
    : base::Error{base::Reason::invalid_input, std::move(code), description}, address_{std::move(address)} {}

std::string location_of(const AuthorizationRefusal& refusal, const std::string& issuer) {
    auto uri = refusal.address().redirect_uri;
    append(uri, "error", error_code_of(refusal));
    append(uri, "error_description", error_description_of(refusal.what()));
    return finish(std::move(uri), refusal.address(), issuer);
}

std::string location_of(const ReturnAddress& address, std::string_view code, const std::string& issuer) {
    auto uri = address.redirect_uri;
    append(uri, "code", code);
    return finish(std::move(uri), address, issuer);
}

}  // namespace oauth
