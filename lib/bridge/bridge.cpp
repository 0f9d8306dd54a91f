#include "bridge/bridge.hpp"

#include "base/error.hpp"
#include "bridge/events.hpp"
#include "bridge/message_fields.hpp"
#include "schema/json.hpp"

namespace bridge {
namespace {

using nlohmann::json;

bool has_method(const json& message, const char* method) {
    return message.is_object() && message.contains("method") && message["method"] == method;
}

bool is_request(const json& message) {
    return message.is_object() && message.contains("method") && message.contains("id");
}

bool is_event_stream(const Head& head) { return head.content_type.starts_with("text/event-stream"); }

/// Nothing when the text is not JSON: a proxy in between may answer anything.
json parsed(const std::string& text) {
    try {
        return schema::parse(text);
    } catch (const base::Error&) {
        return nullptr;
    }
}

std::string explanation_of(int status, const json& body) {
    if (status == 401) return "Gatehouse refuses the API key; check GATEHOUSE_API_KEY";
    if (body.is_object() && body.contains("error") && body["error"].contains("message")) {
        return body["error"]["message"].get<std::string>();
    }
    return "Gatehouse answered HTTP " + std::to_string(status);
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
    {
        std::unique_lock lock{state_mutex_};
        request_ended_.wait(lock, [this] { return running_.empty(); });
    }
    ending_->requested = true;
    if (notifications_.joinable()) notifications_.join();
    end_session();
}

void Bridge::take(const std::string& line) {
    json message;
    try {
        message = schema::parse(line);
    } catch (const base::Error& error) {
        write(schema::dump(json{
            {"jsonrpc", "2.0"}, {"id", nullptr}, {"error", {{"code", -32700}, {"message", error.what()}}}}));
        return;
    }
    if (has_method(message, "notifications/cancelled")) cancel(message);
    if (has_method(message, "initialize") || !is_request(message)) {
        send(message, line, std::make_shared<Cancellation>());  // what follows depends on it: in order
        if (has_method(message, "notifications/initialized")) follow_notifications();
    } else {
        receive_later(message, line);
    }
}

void Bridge::receive_later(const json& message, const std::string& line) {
    auto cancellation = std::make_shared<Cancellation>();
    const auto id = message["id"].dump();
    const std::lock_guard lock{state_mutex_};
    running_[id] = cancellation;
    std::thread{[this, message = json(message), line, cancellation, id] {
        send(message, line, cancellation);
        const std::lock_guard done{state_mutex_};
        running_.erase(id);
        request_ended_.notify_all();
    }}.detach();
}

Fields Bridge::fields_for(const json& message) {
    const std::lock_guard lock{state_mutex_};
    auto fields = fields_of(message, revision_);
    fields.emplace_back("Accept", "application/json, text/event-stream");
    fields.emplace_back("Content-Type", "application/json");
    if (!session_id_.empty()) fields.emplace_back("Mcp-Session-Id", session_id_);
    return fields;
}

void Bridge::send(const json& message, const std::string& line,
                  const std::shared_ptr<Cancellation>& cancellation) {
    Head head;
    std::string body;
    EventReader events{[&](const std::string& data) {
        if (has_method(message, "initialize")) note_initialized(parsed(data));
        write(data);
    }};
    const Receiver receiver{
        .on_head =
            [&](const Head& answer) {
                head = answer;
                if (answer.session_id.empty()) return;
                const std::lock_guard lock{state_mutex_};
                session_id_ = answer.session_id;
            },
        .on_body =
            [&](std::string_view bytes) {
                if (is_event_stream(head)) {
                    events.feed(bytes);
                } else {
                    body += bytes;
                }
            },
        .is_cancelled = [&] { return cancellation->requested.load(); },
    };
    try {
        transport_.exchange(Transport::Verb::post, line, fields_for(message), receiver);
        if (!is_event_stream(head) && !cancellation->requested) write_body(message, head, body);
    } catch (const base::Error& error) {
        write_failure(message, error.code(), error.what());
    }
}

void Bridge::write_body(const json& message, const Head& head, const std::string& body) {
    const auto answer = parsed(body);
    if (has_method(message, "initialize")) note_initialized(answer);
    const bool fits =
        answer.is_object() && answer.contains("jsonrpc") && answer.value("id", json()) != nullptr;
    if (fits || (answer.is_array() && head.status < 400)) {
        write(schema::dump(answer));
    } else if (head.status >= 400) {
        write_failure(message, "http_" + std::to_string(head.status), explanation_of(head.status, answer));
    }
}

void Bridge::note_initialized(const json& answer) {
    if (!answer.is_object() || !answer.contains("result") || !answer["result"].is_object()) return;
    const auto& result = answer["result"];
    if (!result.contains("protocolVersion") || !result["protocolVersion"].is_string()) return;
    const std::lock_guard lock{state_mutex_};
    revision_ = result["protocolVersion"].get<std::string>();
}

/// Over HTTP a request is cancelled by closing its connection; older revisions also send the notification on.
void Bridge::cancel(const json& message) {
    const auto params = message.find("params");
    if (params == message.end() || !params->is_object() || !params->contains("requestId")) return;
    const std::lock_guard lock{state_mutex_};
    const auto running = running_.find((*params)["requestId"].dump());
    if (running != running_.end()) running->second->requested = true;
}

/// The stream on which older revisions deliver what belongs to no request.
void Bridge::follow_notifications() {
    const std::lock_guard lock{state_mutex_};
    if (session_id_.empty() || notifications_.joinable()) return;
    notifications_ = std::jthread{[this, ending = ending_] {
        EventReader events{[this](const std::string& data) { write(data); }};
        const Receiver receiver{
            .on_head = [](const Head&) {},
            .on_body = [&](std::string_view bytes) { events.feed(bytes); },
            .is_cancelled = [&] { return ending->requested.load(); },
        };
        try {
            auto fields = fields_for(json::object());
            transport_.exchange(Transport::Verb::get, "", fields, receiver);
        } catch (const base::Error& error) {
            errors_ << "gatehouse-mcp: notifications ended: " << error.what() << '\n';
        }
    }};
}

void Bridge::end_session() {
    if (session_id_.empty()) return;
    const Receiver receiver{.on_head = [](const Head&) {},
                            .on_body = [](std::string_view) {},
                            .is_cancelled = [] { return false; }};
    try {
        transport_.exchange(Transport::Verb::delete_, "", fields_for(json::object()), receiver);
    } catch (const base::Error&) {
        // The session ends by itself; nobody is left to tell.
    }
}

void Bridge::write(const std::string& line) {
    const std::lock_guard lock{output_mutex_};
    output_ << line << std::endl;
}

void Bridge::write_failure(const json& message, const std::string& code, const std::string& text) {
    errors_ << "gatehouse-mcp: " << text << '\n';
    if (!is_request(message)) return;
    write(schema::dump(json{{"jsonrpc", "2.0"},
                            {"id", message["id"]},
                            {"error", {{"code", -32000}, {"message", text}, {"data", {{"code", code}}}}}}));
}

}  // namespace bridge
