#include "tool/runner.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace tool {
namespace {

std::string boot_id() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    file >> id;
    return id;
}

/// Field 22 of /proc/PID/stat, counted after the command's closing parenthesis; empty when there is no such
/// process, or only what its parent has not yet buried (field 3).
std::string start_time_of(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string line;
    std::getline(file, line);
    const auto end_of_command = line.rfind(')');
    if (end_of_command == std::string::npos) return "";
    std::istringstream fields{line.substr(end_of_command + 1)};
    std::string field;
    fields >> field;
    if (field == "Z" || field == "X") return "";
    for (int i = 4; i <= 22; ++i) fields >> field;
    return field;
}

}  // namespace

std::string this_runner() {
    const auto pid = std::to_string(getpid());
    return boot_id() + ':' + pid + ':' + start_time_of(pid);
}

bool is_running(const std::string& runner, bool may_still_run) {
    if (runner.empty()) return false;
    const auto first = runner.find(':');
    const auto second = runner.rfind(':');
    if (first == second || runner.substr(0, first) != boot_id()) return may_still_run;
    const auto pid = runner.substr(first + 1, second - first - 1);
    return start_time_of(pid) == runner.substr(second + 1);
}

}  // namespace tool
