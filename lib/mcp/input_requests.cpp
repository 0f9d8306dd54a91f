#include "mcp/input_requests.hpp"

#include "base/clock.hpp"
#include "crypto/digest.hpp"
#include "mcp/capabilities.hpp"
#include "mcp/error.hpp"
#include "mcp/params.hpp"
#include "mcp/seals.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::chrono::minutes lifetime{15};

std::string binding_of(const Context& context, const Method& method, const json& params) {
    const auto& principal = context.principal;
    std::string binding = principal.credential.text() + '|' + principal.workspace.text() + '|';
    binding += method.name;
    const json* subject = find_member(params, method.subject);
    const json* arguments = find_member(params, "arguments");
    const json digested = json::array(
        {subject == nullptr ? json(nullptr) : *subject, arguments == nullptr ? json::object() : *arguments});
    return binding + '|' + crypto::sha256_hex(schema::canonical(digested));
}

std::int64_t seconds_since_epoch(base::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// The plain text is the expiry in decimal, a space, and the tool's own state.
std::string sealed(const crypto::TokenSealer& sealer, const std::string& state, const std::string& binding) {
    return sealer.seal(std::to_string(seconds_since_epoch(base::Clock::now() + lifetime)) + ' ' + state,
                       binding);
}

std::string opened(const crypto::TokenSealer& sealer, const std::string& token, const std::string& binding) {
    const auto plain = sealer.open(token, binding);
    if (!plain) refuse_params("requestState: is not the state of this request");
    const auto space = plain->find(' ');
    if (std::stoll(plain->substr(0, space)) < seconds_since_epoch(base::Clock::now())) {
        refuse_params("requestState: has expired, send the request again without it");
    }
    return plain->substr(space + 1);
}

void require_answers(const json& answers) {
    if (!answers.is_object()) refuse_params("inputResponses: expected an object");
    for (const auto& [key, answer] : answers.items()) {
        if (!answer.is_object())
            refuse_params("inputResponses." + key.substr(0, 64) + ": expected an object");
    }
}

}  // namespace

InputRounds::InputRounds(Context& context, const Method& method, json& params)
    : context_{context}, method_{method} {
    if (const std::string* state = find_string(params, "requestState")) {
        binding_ = binding_of(context, method, params);
        context.call.state = opened(context.service.seals.request_state, *state, binding_);
    }
    if (json* answers = find_member(params, "inputResponses")) {
        require_answers(*answers);
        context.call.input_responses = std::move(*answers);
    }
}

// By now the method has taken the parameters apart. That is rare enough to read the body again.
std::string InputRounds::binding() const {
    if (!binding_.empty()) return binding_;
    return binding_of(context_, method_, schema::parse(context_.request.body)["params"]);
}

json InputRounds::result_of(tool::InputRequired input) const {
    require_answerable(context_.client, input.requests);
    json result{{"resultType", "input_required"}};
    if (!input.requests.empty()) result["inputRequests"] = std::move(input.requests);
    if (!input.state.empty()) {
        result["requestState"] = sealed(context_.service.seals.request_state, input.state, binding());
    }
    return result;
}

}  // namespace mcp
