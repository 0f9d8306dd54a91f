#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <istream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <thread>

#include "bridge/tool_parameters.hpp"
#include "bridge/transport.hpp"

namespace bridge {

/// MCP over standard input and output on one side, Streamable HTTP on the other, any revision. Each request
/// has a thread of its own, so a slow one holds up no other, and each is answered: where Gatehouse does not,
/// by an error of the bridge's own.
class Bridge {
public:
    Bridge(Transport& transport, std::ostream& output, std::ostream& errors);
    ~Bridge();

    /// Serves until the input ends: then what only listens ends at once and the rest after a short grace. One
    /// JSON-RPC message a line.
    void serve(std::istream& input);

private:
    using json = nlohmann::json;
    /// One request on its way, or what follows notifications.
    struct Running {
        std::atomic<bool> is_cancelled = false;
        bool is_modern = false;
        bool is_listening = false;
    };
    /// What has come of one request over HTTP.
    struct Answer {
        Head head;
        std::string body;  ///< of an answer that is no event stream
        std::string last_event_id;
        std::chrono::milliseconds retry{1000};
        bool is_answered = false;  ///< the response to the request has been written

        bool is_stream() const { return head.content_type.starts_with("text/event-stream"); }
    };

    // bridge.cpp: messages of the client
    void take(const std::string& line);
    void start(json message, const std::string& line);
    bool cancel(const json& message);
    void end_requests();
    void write(const std::string& line);
    void report(const std::string& text);
    void write_failure(const json& message, const std::string& code, const std::string& text);

    // request.cpp: one request over HTTP
    void send(const json& message, const std::string& line, Running& running);
    Answer post(const json& message, const std::string& line, Running& running);
    void exchange(Transport::Verb verb, const json& message, const std::string& line, Fields fields,
                  Running& running, Answer& answer);
    void resume(const json& message, Running& running, Answer& answer);
    void conclude(const json& message, const Answer& answer);
    void pass_on(const json& message, const std::string& text, Answer& answer);
    Fields fields_for(const json& message);
    void learn_parameters(const json& message, Running& running);

    // session.cpp: what the older revisions keep between requests
    void note_initialized(const json& response);
    void note_session(const Head& head);
    std::string session_id();
    bool renew_session(const std::string& stale);
    void follow_notifications();
    void follow_until_the_end();
    bool pause(std::chrono::milliseconds time, const Running& running);
    void end_session();

    Transport& transport_;
    std::ostream& output_;
    std::ostream& errors_;
    std::mutex output_mutex_;

    std::mutex state_mutex_;
    std::string session_id_;
    std::string revision_;    ///< what initialize agreed on
    std::string initialize_;  ///< the client's line, for a session that must begin anew
    ToolParameters parameters_;
    std::map<std::string, std::shared_ptr<Running>> running_;  ///< by the request id's JSON text
    std::condition_variable changed_;
    std::mutex renewal_mutex_;
    Running following_;
    std::jthread notifications_;
};

}  // namespace bridge
