#pragma once

#include <atomic>
#include <condition_variable>
#include <istream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "bridge/transport.hpp"

namespace bridge {

/// MCP over standard input and output on one side, Streamable HTTP on the other, any revision. Each request
/// has a thread of its own, so a slow one holds up no other.
class Bridge {
public:
    Bridge(Transport& transport, std::ostream& output, std::ostream& errors);
    ~Bridge();

    /// Serves until the input ends. One JSON-RPC message a line.
    void serve(std::istream& input);

private:
    using json = nlohmann::json;
    struct Cancellation {
        std::atomic<bool> requested = false;
    };

    void take(const std::string& line);
    void send(const json& message, const std::string& line,
              const std::shared_ptr<Cancellation>& cancellation);
    void receive_later(const json& message, const std::string& line);
    void cancel(const json& message);
    void follow_notifications();
    void end_session();

    void note_initialized(const json& answer);
    Fields fields_for(const json& message);
    void write(const std::string& line);
    void write_failure(const json& message, const std::string& code, const std::string& text);
    void write_body(const json& message, const Head& head, const std::string& body);

    Transport& transport_;
    std::ostream& output_;
    std::ostream& errors_;
    std::mutex output_mutex_;

    std::mutex state_mutex_;
    std::string session_id_;
    std::string revision_;
    std::map<std::string, std::shared_ptr<Cancellation>> running_;  ///< by the request id's JSON text
    std::condition_variable request_ended_;
    std::shared_ptr<Cancellation> ending_ = std::make_shared<Cancellation>();
    std::jthread notifications_;
};

}  // namespace bridge
