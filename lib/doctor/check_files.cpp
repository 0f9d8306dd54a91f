#include <sys/stat.h>

#include <ctime>

#include "doctor/doctor.hpp"

namespace doctor {
namespace {

constexpr mode_t for_others = 077;
constexpr std::int64_t seconds_a_day = 86400;
constexpr std::int64_t longest_days = 730;  // NIST SP 800-57 part 1 section 5.3.6: a wrapping key's period

Finding check_age(const std::string& subject, const std::string& file, std::time_t made_at) {
    const auto days = (std::time(nullptr) - made_at) / seconds_a_day;
    if (days > longest_days)
        return ill(
            subject, file + " is " + std::to_string(days) + " days old",
            "put a new key (openssl rand -base64 32) on a line of its own before those that are there, "
            "then restart what reads it");
    return well(subject, "closed to others, " + std::to_string(days) + " days old");
}

Finding check_key(const std::string& name, const std::filesystem::path& file) {
    const auto subject = "key file " + name;
    if (file.empty())
        return ill(subject, "is not configured",
                   "set " + name + " in the configuration; make one with gatehouse key-file");
    struct stat status {};
    if (lstat(file.c_str(), &status) != 0)
        return ill(subject, file.string() + " is not there", "gatehouse key-file create " + file.string());
    if (!S_ISREG(status.st_mode))
        return ill(subject, file.string() + " is no regular file", "put the file itself there, no link");
    if ((status.st_mode & for_others) != 0)
        return ill(subject, file.string() + " can be read by others", "chmod 0600 " + file.string());
    if (status.st_size == 0)
        return ill(subject, file.string() + " is empty",
                   "restore it from the backup; data sealed with it is lost without");
    return check_age(subject, file.string(), status.st_mtime);
}

Finding check_folder(const std::string& name, const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return well(name, folder.string());
    return ill(name, folder.string() + " is not there",
               "make install, or correct " + name + " in the configuration");
}

}  // namespace

Findings check_files(const base::Config& config) {
    return {check_key("keys.vault", config.keys.vault),
            check_key("keys.request_state", config.keys.request_state),
            check_key("keys.account", config.keys.account),
            check_key("keys.signing", config.keys.signing),
            check_folder("egress.connectors", config.egress.connectors),
            check_folder("pages", config.pages),
            check_folder("sql", config.sql)};
}

}  // namespace doctor
