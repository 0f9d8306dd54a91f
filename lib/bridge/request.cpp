#include <algorithm>

#include "base/error.hpp"
#include "bridge/bridge.hpp"
#include "bridge/events.hpp"
#include "bridge/message_fields.hpp"
#include "schema/json.hpp"

namespace bridge {
namespace {

using nlohmann::json;

constexpr int most_resumptions = 30;  // in a row that brought nothing new
constexpr int most_pages = 20;

/// Null when the text is not JSON: a proxy in between may answer anything.
json parsed(const std::string& text) {
    try {
        return schema::parse(text);
    } catch (const base::Error&) {
        return nullptr;
    }
}

bool is_response_to(const json& message, const json& answer) {
    if (message.is_array()) return answer.is_array();
    return is_request(message) && answer.is_object() && !answer.contains("method") && answer.contains("id") &&
           answer["id"] == message["id"] && (answer.contains("result") || answer.contains("error"));
}

std::string explanation_of(int status, const json& body) {
    if (status == 401) return "Gatehouse refuses the API key; check GATEHOUSE_API_KEY";
    const json::json_pointer place{"/error/message"};
    if (body.is_object() && body.contains(place) && body[place].is_string())
        return body[place].get<std::string>();
    return "Gatehouse answered HTTP " + std::to_string(status) + (status < 400 ? " without a response" : "");
}

}  // namespace

void Bridge::send(const json& message, const std::string& line, Running& running) {
    try {
        if (running.is_modern && has_method(message, "tools/call")) learn_parameters(message, running);
        const auto session = session_id();
        auto answer = post(message, line, running);
        const bool is_session_lost = answer.head.status == 404 && !session.empty() && !running.is_modern;
        if (is_session_lost && renew_session(session)) answer = post(message, line, running);
        if (!running.is_cancelled) conclude(message, answer);
    } catch (const base::Error& error) {
        if (!running.is_cancelled) write_failure(message, error.code(), error.what());
    }
}

Bridge::Answer Bridge::post(const json& message, const std::string& line, Running& running) {
    Answer answer;
    try {
        exchange(Transport::Verb::post, message, line, fields_for(message), running, answer);
    } catch (const base::Error&) {
        if (answer.last_event_id.empty()) throw;  // nothing to resume
    }
    if (answer.is_stream()) resume(message, running, answer);
    return answer;
}

void Bridge::exchange(Transport::Verb verb, const json& message, const std::string& line, Fields fields,
                      Running& running, Answer& answer) {
    EventReader events{[&](const std::string& data) { pass_on(message, data, answer); }};
    answer.head = {};
    answer.body.clear();
    const Receiver receiver{
        .on_head =
            [&](const Head& head) {
                answer.head = head;
                note_session(head);
            },
        .on_body =
            [&](std::string_view bytes) {
                if (!answer.is_stream()) {
                    answer.body += bytes;
                    return;
                }
                events.feed(bytes);
                if (!events.last_event_id().empty()) answer.last_event_id = events.last_event_id();
                if (events.retry()) answer.retry = *events.retry();
            },
        .is_cancelled = [&] { return running.is_cancelled.load(); },
    };
    transport_.exchange(verb, line, fields, receiver);
}

/// A stream that ends before its response goes on elsewhere (2025-11-25, Resumability and Redelivery).
void Bridge::resume(const json& message, Running& running, Answer& answer) {
    for (int idle = 0; idle < most_resumptions; ++idle) {
        if (answer.is_answered || !is_request(message) || answer.last_event_id.empty()) return;
        if (!pause(answer.retry, running)) return;
        const auto seen = answer.last_event_id;
        auto fields = fields_for(json::object());
        fields.emplace_back("Last-Event-ID", seen);
        try {
            exchange(Transport::Verb::get, message, "", std::move(fields), running, answer);
        } catch (const base::Error&) {
            continue;
        }
        if (answer.head.status != 200 || !answer.is_stream()) return;
        if (answer.last_event_id != seen) idle = 0;
    }
}

void Bridge::pass_on(const json& message, const std::string& text, Answer& answer) {
    const auto told = parsed(text);
    if (is_response_to(message, told)) {
        answer.is_answered = true;
        if (has_method(message, "initialize")) note_initialized(told);
        if (has_method(message, "tools/list") && told.contains("result") && told["result"].is_object()) {
            const std::lock_guard lock{state_mutex_};
            parameters_.note(told["result"]);
        }
    }
    if (told.is_structured()) write(text.find_first_of("\r\n") == text.npos ? text : schema::dump(told));
}

void Bridge::conclude(const json& message, const Answer& answer) {
    if (answer.is_answered) return;
    const auto status = answer.head.status;
    if (answer.is_stream()) {
        write_failure(message, "stream_ended", "the answer of Gatehouse ended before its response");
        return;
    }
    const auto told = parsed(answer.body);
    Answer whole = answer;
    if (is_response_to(message, told)) {
        pass_on(message, answer.body, whole);
    } else if (status >= 400 || is_request(message) || message.is_array()) {
        const bool needs_no_answer = message.is_array() && status == 202;
        if (!needs_no_answer) {
            write_failure(message, "http_" + std::to_string(status), explanation_of(status, told));
        }
    }
}

Fields Bridge::fields_for(const json& message) {
    const std::lock_guard lock{state_mutex_};
    auto fields = fields_of(message, revision_);
    if (is_modern(message) && has_method(message, "tools/call")) {
        for (auto& field : parameters_.fields_of(message["params"])) fields.push_back(std::move(field));
    }
    fields.emplace_back("Accept", "application/json, text/event-stream");
    fields.emplace_back("Content-Type", "application/json");
    if (!session_id_.empty() && !is_modern(message)) fields.emplace_back("Mcp-Session-Id", session_id_);
    return fields;
}

/// A client that calls a tool which it never listed, at least not here.
void Bridge::learn_parameters(const json& message, Running& running) {
    const auto name = message["params"].find("name");
    if (name == message["params"].end() || !name->is_string()) return;
    {
        const std::lock_guard lock{state_mutex_};
        if (parameters_.knows(name->get<std::string>())) return;
    }
    json list{{"jsonrpc", "2.0"}, {"id", "gatehouse-mcp"}, {"method", "tools/list"}};
    list["params"]["_meta"] = message["params"]["_meta"];
    for (int page = 0; page < most_pages; ++page) {
        Answer answer;
        auto fields = fields_for(list);
        fields.erase(std::remove_if(fields.begin(), fields.end(),
                                    [](const auto& field) { return field.first == "Accept"; }),
                     fields.end());
        fields.emplace_back("Accept", "application/json");
        exchange(Transport::Verb::post, list, schema::dump(list), std::move(fields), running, answer);
        const auto told = parsed(answer.body);
        if (!is_response_to(list, told) || !told.contains("result") || !told["result"].is_object()) return;
        const std::lock_guard lock{state_mutex_};
        parameters_.note(told["result"]);
        const auto cursor = told["result"].find("nextCursor");
        if (cursor == told["result"].end()) return;
        list["params"]["cursor"] = *cursor;
    }
}

}  // namespace bridge
