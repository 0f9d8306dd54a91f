#include "postman/postman.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/log.hpp"
#include "db/listener.hpp"
#include "egress_client/errands.hpp"

namespace postman {
namespace {

constexpr std::chrono::seconds period{15};
constexpr int most_at_once = 10;

}  // namespace

class Postman::Round {
public:
    Round(db::Database& database, std::filesystem::path internal_socket)
        : database_{database},
          errands_{std::move(internal_socket)},
          listener_{database,
                    {"gatehouse_mail"},
                    {.on_notification = [this](const auto&, const auto&) { wake(); },
                     .on_gap = [this] { wake(); }}},
          thread_{[this] { go(); }} {}

    ~Round() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

private:
    void wake() {
        {
            const std::lock_guard lock{mutex_};
            woken_ = true;
        }
        changed_.notify_all();
    }

    bool wait() {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, period, [this] { return woken_ || stopping_; });
        woken_ = false;
        return !stopping_;
    }

    void go() {
        do {
            try {
                while (deliver_some() == most_at_once) {
                }
            } catch (const std::exception& error) {
                base::log(base::Severity::warning, "mail_round_failed", {{"detail", error.what()}});
            }
        } while (wait());
    }

    int deliver_some() {
        static constexpr db::Statement due{"postman.due_mail", "SELECT account.due_mail($1)"};
        const auto mails = db::Autocommit{database_, {}}.query(due, most_at_once);
        for (const auto row : mails) deliver(row.uuid(0));
        return mails.size();
    }

    void deliver(const base::Uuid& id) {
        try {
            errands_.deliver_mail(id);
        } catch (const base::Error& error) {
            base::log(base::Severity::warning, "mail_not_delivered",
                      {{"mail", id.text()}, {"code", error.code()}, {"message", error.what()}});
        }
    }

    db::Database& database_;
    egress_client::Errands errands_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopping_ = false;
    db::Listener listener_;
    std::thread thread_;
};

Postman::Postman(db::Database& database, std::filesystem::path internal_socket)
    : round_{std::make_unique<Round>(database, std::move(internal_socket))} {}

Postman::~Postman() = default;

}  // namespace postman
