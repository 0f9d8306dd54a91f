/// Connects a service to a user's account at its provider: /connect/start and /connect/callback, in a
/// browser.
///
/// Exposure  public, through nginx
/// Identity  OS user gatehouse_connect; no database
/// Can       show a page, send the browser to the provider, hand what comes back to egress
/// Cannot    read a ticket, a state or a token; open an outbound connection

#include <nlohmann/json.hpp>

#include "egress_client/egress.hpp"
#include "fastcgi/run.hpp"
#include "http/cookie.hpp"
#include "http/form.hpp"
#include "http/problem.hpp"
#include "page/pages.hpp"

namespace {

constexpr auto cookie_name = "__Host-gatehouse_connect";
constexpr std::chrono::minutes cookie_age{10};

class ConnectEndpoint {
public:
    explicit ConnectEndpoint(const base::Config& config)
        : egress_{config.internal_socket}, pages_{config.pages} {}

    http::Response answer(const http::Request& request, http::Exchange&) {
        try {
            const bool is_get = request.method == http::Method::get;
            if (request.path == "/connect/callback" && is_get) return arrive(request);
            if (request.method == http::Method::post)
                return depart(http::Form::of(request).require("ticket"));
            return look_at(http::Form::parse(request.query).require("ticket"));
        } catch (const base::Error& error) {
            return pages_.render_error(http::status_of(error.reason()), "Not connected", error.what(),
                                       error.code());
        }
    }

private:
    http::Response look_at(const std::string& ticket) {
        const auto view = egress_.look_at(ticket);
        return pages_.render("connect", {{"service", view.service_name},
                                         {"connector", view.connector},
                                         {"workspace", view.workspace},
                                         {"host", view.host},
                                         {"ticket", ticket}});
    }

    http::Response depart(const std::string& ticket) {
        const auto departure = egress_.depart(ticket);
        auto response = page::see_other(departure.url);
        response.fields.emplace_back("Set-Cookie",
                                     http::set_cookie(cookie_name, departure.cookie, cookie_age));
        return response;
    }

    http::Response arrive(const http::Request& request) {
        const auto form = http::Form::parse(request.query);
        const auto arrived = egress_.arrive({form.text("state"), form.text("code"), form.text("error"),
                                             form.text("iss"), http::cookie_of(request, cookie_name)});
        auto response = pages_.render("connected", {{"service", arrived.service_name}});
        response.fields.emplace_back("Set-Cookie", http::forget_cookie(cookie_name));
        return response;
    }

    egress_client::Egress egress_;
    page::Pages pages_;
};

}  // namespace

int main() { return fastcgi::run<ConnectEndpoint>("connect", http::render_problem); }
