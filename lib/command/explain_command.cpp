#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>

#include "auth/api_key.hpp"
#include "base/error.hpp"
#include "command/commands.hpp"
#include "egress_client/egress.hpp"
#include "schema/schema.hpp"

namespace command {
namespace {

struct ExplainOptions {
    std::string key;
    std::string service;
    std::string method;
    std::string url;
    std::vector<std::string> headers;
    bool has_json = false;
    bool has_data = false;
};

auth::KeyId require_key(db::Session& session, const std::string& name_or_id) {
    for (const auto& key : auth::list_api_keys(session)) {
        if (key.id.text() == name_or_id || key.name == name_or_id) return key.id;
    }
    throw base::Error{base::Reason::not_found, "key_not_found", "no API key " + name_or_id};
}

/// The holder of the key, as egress checks it itself.
auth::Principal caller_of(Context& context, const std::string& name_or_id) {
    auto session = context.workspace_session();
    const auto id = require_key(session, name_or_id);
    auth::Principal caller;
    caller.credential = id;
    caller.credential_proof = auth::secret_digest_of(session, id);
    caller.workspace = context.workspace().id;
    return caller;
}

egress_client::Texts headers_of(const std::vector<std::string>& lines) {
    egress_client::Texts headers;
    for (const auto& line : lines) {
        const auto colon = line.find(':');
        if (colon == std::string::npos)
            throw base::Error{base::Reason::invalid_input, "header_invalid", "a header is NAME: VALUE"};
        const auto value = line.find_first_not_of(' ', colon + 1);
        headers[line.substr(0, colon)] = value == std::string::npos ? "" : line.substr(value);
    }
    return headers;
}

egress_client::CallRequest request_of(const ExplainOptions& options) {
    egress_client::CallRequest request;
    request.service_name = options.service;
    request.method = options.method;
    request.url = options.url;
    if (!options.headers.empty()) request.headers = headers_of(options.headers);
    if (!options.has_json && !options.has_data) return request;
    std::string body{std::istreambuf_iterator<char>{std::cin}, {}};
    if (options.has_json)
        request.body_json = schema::parse(body);
    else
        request.data = std::move(body);
    return request;
}

void explain(Context& context, const ExplainOptions& options) {
    egress_client::Egress egress{context.config().internal_socket};
    const auto explanation = egress.explain(caller_of(context, options.key), request_of(options));
    std::cout << schema::encode(explanation).dump(2) << '\n';
}

}  // namespace

void add_explain(CLI::App& service, Context& context) {
    auto options = std::make_shared<ExplainOptions>();
    auto* command =
        service.add_subcommand("explain", "Tell what call_service would do for an agent, without doing it");
    command->add_option("name", options->service, "The service's name")->required();
    command->add_option("method", options->method, "GET, POST, ...")->required();
    command->add_option("url", options->url, "A path, or a URL at one of the service's origins")->required();
    command->add_option("--key", options->key, "Who would call: an API key's name or id")->required();
    command->add_option("--header", options->headers, "NAME: VALUE; may be repeated");
    auto* json = command->add_flag("--json", options->has_json, "The body is the JSON on standard input");
    command->add_flag("--data", options->has_data, "The body is the text on standard input")->excludes(json);
    command->callback([&context, options] { explain(context, *options); });
}

}  // namespace command
