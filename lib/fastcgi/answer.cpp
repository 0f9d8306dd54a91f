#include "fastcgi/answer.hpp"

#include <exception>
#include <string>

#include "base/log.hpp"
#include "fastcgi/encode.hpp"
#include "http/problem.hpp"

namespace fastcgi {
namespace {

class OutputStream final : public http::Stream {
public:
    explicit OutputStream(Output& output) : output_{output} {}
    bool write(std::string_view bytes) override {
        return !is_finished && output_.write(bytes) && output_.flush();
    }

    bool is_finished = false;

private:
    Output& output_;
};

class OutputExchange final : public http::Exchange {
public:
    explicit OutputExchange(Output& output) : output_{output}, stream_{output} {}

    http::Stream& start_stream(int status, const http::Fields& fields) override {
        if (has_started_)
            throw base::Error{base::Reason::internal, "invalid_response", "the answer has started already"};
        auto head = encode_head(status, fields, std::nullopt);
        head.insert(head.size() - 2, "X-Accel-Buffering: no\r\n");
        has_started_ = true;
        stream_.write(head);
        return stream_;
    }

    bool has_started() const noexcept override { return has_started_; }

    void finish() override {
        if (!has_started_ || stream_.is_finished) return;
        stream_.is_finished = true;
        output_.end();
    }

    bool is_client_gone() override { return stream_.is_finished || output_.is_closed(); }
    bool is_stopping() override { return output_.is_stopping(); }

    int descriptor() const noexcept override { return stream_.is_finished ? -1 : output_.descriptor(); }

private:
    Output& output_;
    OutputStream stream_;
    bool has_started_ = false;
};

void log_failure(const base::Error& error, std::string_view path) {
    const bool is_ours = http::status_of(error.reason()) >= 500;
    if (!is_ours && error.detail().empty()) return;
    base::log(
        is_ours ? base::Severity::error : base::Severity::info, "request_failed",
        {{"code", error.code()}, {"message", error.what()}, {"detail", error.detail()}, {"path", path}});
}

base::Error unexpected(std::string detail) {
    return {base::Reason::internal, "internal", "an internal error occurred", std::move(detail)};
}

http::Response render(const Responder& responder, const base::Error& error, std::string_view path) {
    log_failure(error, path);
    return responder.render_error(error);
}

http::Response response_to(const Responder& responder, const char* const* parameters, Body&& body,
                           http::Exchange& exchange) {
    http::Request request;
    try {
        request = decode(parameters, std::move(body));
        return responder.answer(request, exchange);
    } catch (const base::Error& error) {
        return render(responder, error, request.path);
    } catch (const std::exception& exception) {
        return render(responder, unexpected(exception.what()), request.path);
    } catch (...) {
        return render(responder, unexpected("an exception of unknown type"), request.path);
    }
}

void send(const http::Response& response, Output& output) {
    output.write(encode_head(response.status, response.fields, response.body.size()));
    if (!is_bodiless(response.status)) output.write(response.body);
}

}  // namespace

void answer_one(const Responder& responder, const char* const* parameters, Body body, Output& output) {
    OutputExchange exchange{output};
    const auto response = response_to(responder, parameters, std::move(body), exchange);
    if (exchange.has_started()) return;
    try {
        send(response, output);
    } catch (const base::Error& error) {
        send(render(responder, error, {}), output);
    }
}

}  // namespace fastcgi
