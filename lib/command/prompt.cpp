#include "command/prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <iterator>

#include "base/error.hpp"

namespace command {
namespace {

/// The terminal without echo, for as long as this lives.
class Unechoed {
public:
    Unechoed() {
        tcgetattr(STDIN_FILENO, &before_);
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Unechoed() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    Unechoed(const Unechoed&) = delete;
    Unechoed& operator=(const Unechoed&) = delete;

private:
    termios before_{};
};

std::string read_line(const std::string& prompt) {
    std::cerr << prompt << ": " << std::flush;
    const Unechoed terminal;
    std::string line;
    std::getline(std::cin, line);
    std::cerr << '\n';
    return line;
}

std::string read_all() {
    std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace

base::Secret read_secret(const std::string& prompt) {
    auto text = isatty(STDIN_FILENO) == 1 ? read_line(prompt) : read_all();
    if (text.empty()) {
        throw base::Error{base::Reason::invalid_input, "secret_missing",
                          "the secret is read from standard input, and nothing came"};
    }
    return base::Secret::take(text);
}

}  // namespace command
