#include "bridge/bridge.hpp"

#include "base/error.hpp"
#include "bridge/message_fields.hpp"
#include "schema/json.hpp"

namespace bridge {
namespace {

using nlohmann::json;

/// Desktop clients wait two seconds after closing the input.
constexpr std::chrono::milliseconds grace{1200};

json failure_of(const json& id, const std::string& code, const std::string& text) {
    json failure{{"jsonrpc", "2.0"},
                 {"error", {{"code", -32000}, {"message", text}, {"data", {{"code", code}}}}}};
    failure["id"] = id;
    return failure;
}

}  // namespace

Bridge::Bridge(Transport& transport, std::ostream& output, std::ostream& errors)
    : transport_{transport}, output_{output}, errors_{errors} {}

Bridge::~Bridge() = default;

void Bridge::serve(std::istream& input) {
    std::string line;
    while (std::getline(input, line)) {
        if (!line.empty()) take(line);
    }
    end_requests();
    if (notifications_.joinable()) notifications_.join();
    end_session();
}

void Bridge::end_requests() {
    std::unique_lock lock{state_mutex_};
    const auto is_done = [this] { return running_.empty(); };
    following_.is_cancelled = true;
    for (const auto& [id, request] : running_) {
        if (request->is_listening) request->is_cancelled = true;
    }
    changed_.notify_all();
    changed_.wait_for(lock, grace, is_done);
    for (const auto& [id, request] : running_) request->is_cancelled = true;
    changed_.notify_all();
    changed_.wait(lock, is_done);
}

void Bridge::take(const std::string& line) {
    json message;
    try {
        message = schema::parse(line);
    } catch (const base::Error& error) {
        write(
            schema::dump(json{{"jsonrpc", "2.0"}, {"error", {{"code", -32700}, {"message", error.what()}}}}));
        return;
    }
    if (has_method(message, "notifications/cancelled") && !cancel(message)) return;
    if (is_request(message) && !has_method(message, "initialize")) {
        start(std::move(message), line);
        return;
    }
    if (has_method(message, "initialize")) {
        const std::lock_guard lock{state_mutex_};
        initialize_ = line;
        session_id_.clear();
        revision_.clear();
    }
    Running running;  // what follows depends on it: in order
    send(message, line, running);
    if (has_method(message, "notifications/initialized")) follow_notifications();
}

void Bridge::start(json message, const std::string& line) {
    auto running = std::make_shared<Running>();
    running->is_modern = is_modern(message);
    running->is_listening = has_method(message, "subscriptions/listen");
    const auto id = message["id"].dump();
    {
        const std::lock_guard lock{state_mutex_};
        running_[id] = running;
    }
    std::thread{[this, message = std::move(message), line, running, id] {
        send(message, line, *running);
        const std::lock_guard done{state_mutex_};
        const auto own = running_.find(id);
        if (own != running_.end() && own->second == running) running_.erase(own);
        changed_.notify_all();
    }}.detach();
}

/// Closes the request's connection, which is how the stateless revision cancels; whether the older revisions'
/// server wants to be told too.
bool Bridge::cancel(const json& message) {
    const auto params = message.find("params");
    const std::lock_guard lock{state_mutex_};
    bool is_told = !revision_.empty();
    if (params == message.end() || !params->is_object() || !params->contains("requestId")) return is_told;
    const auto running = running_.find((*params)["requestId"].dump());
    if (running == running_.end()) return is_told;
    running->second->is_cancelled = true;
    changed_.notify_all();
    return is_told && !running->second->is_modern;
}

void Bridge::write(const std::string& line) {
    const std::lock_guard lock{output_mutex_};
    output_ << line << std::endl;
}

void Bridge::report(const std::string& text) {
    const std::lock_guard lock{output_mutex_};
    errors_ << "gatehouse-mcp: " << text << '\n';
}

void Bridge::write_failure(const json& message, const std::string& code, const std::string& text) {
    report(text);
    if (is_request(message)) write(schema::dump(failure_of(message["id"], code, text)));
    if (!message.is_array()) return;
    json failures = json::array();
    for (const auto& member : message) {
        if (is_request(member)) failures.push_back(failure_of(member["id"], code, text));
    }
    if (!failures.empty()) write(schema::dump(failures));
}

}  // namespace bridge
