#include "tools/mcp_server.hpp"

namespace tools {
namespace {

using json = nlohmann::json;

json user_says(std::string text) {
    return json::array({{{"role", "user"}, {"content", {{"type", "text"}, {"text", std::move(text)}}}}});
}

std::string argument(const json& arguments, const char* name) {
    const auto member = arguments.find(name);
    return member == arguments.end() ? std::string{} : member->get<std::string>();
}

std::vector<std::string> complete_service(const mcp::CompletionQuery& query, tool::Call& call) {
    return query.argument == "service_name" ? complete_service_name(query.value, call)
                                            : std::vector<std::string>{};
}

const mcp::PromptArgument service_name{"service_name", "The service's name, as list_services tells it.",
                                       true};

mcp::Prompt explore_service() {
    return {
        .name = "explore_service",
        .title = "Explore a service",
        .description = "Find out what a service offers, with calls that change nothing.",
        .arguments = {service_name},
        .get = [](const json& given, tool::Call&) -> mcp::PromptOutcome {
            return user_says(
                "Find out what the service \"" + argument(given, "service_name") +
                "\" offers. Look it up with list_services, then use call_service with GET requests alone, "
                "within its origins. Tell me which account the credential belongs to, what can be read, "
                "and three useful things I could ask you to do with it. Change nothing.");
        },
        .complete = complete_service,
    };
}

mcp::Prompt call_service_safely() {
    return {
        .name = "call_service_safely",
        .title = "Call a service safely",
        .description = "Carry out a task with a service and ask before anything is changed.",
        .arguments = {service_name, {"task", "What is to be done.", true}},
        .get = [](const json& given, tool::Call&) -> mcp::PromptOutcome {
            return user_says(
                "Use the service \"" + argument(given, "service_name") +
                "\" to do this: " + argument(given, "task") +
                "\n\nRead first. Before each call_service that creates, changes or deletes something, show "
                "me the method, the URL and the body and wait for my agreement. Give each such call an "
                "idempotency_key, so that repeating it is safe. If a call is refused, say what the answer "
                "was and do not try to get around it.");
        },
        .complete = complete_service,
    };
}

mcp::Prompt diagnose_service() {
    return {
        .name = "diagnose_service",
        .title = "Diagnose a service",
        .description = "Find out why calls to a service fail.",
        .arguments = {service_name},
        .get = [](const json& given, tool::Call&) -> mcp::PromptOutcome {
            return user_says(
                "Calls to the service \"" + argument(given, "service_name") +
                "\" fail. Find out why: look at it with list_services (is it active, do its origins cover "
                "the URL?), then ask check_credential_status, then make one harmless GET request with "
                "call_service. Tell me whether the credential, its permissions, a rate limit or the "
                "request itself is at fault, and what an administrator should do.");
        },
        .complete = complete_service,
    };
}

}  // namespace

std::vector<mcp::Prompt> prompts() { return {explore_service(), call_service_safely(), diagnose_service()}; }

}  // namespace tools
