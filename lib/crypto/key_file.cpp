#include "crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace crypto {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const noexcept { return number_; }

private:
    int number_;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "key_file_invalid",
                      "key file " + file.string() + ": " + why};
}

void check(const std::filesystem::path& file, const Descriptor& descriptor) {
    struct stat facts {};
    if (::fstat(descriptor.number(), &facts) != 0) refuse(file, std::strerror(errno));
    if (!S_ISREG(facts.st_mode)) refuse(file, "is not a regular file");
    const bool is_trusted = facts.st_uid == ::geteuid() || facts.st_uid == 0 || ::geteuid() == 0;
    if (!is_trusted) refuse(file, "belongs to another user");
    if ((facts.st_mode & 077) != 0) refuse(file, "is open to others; chmod 0600 it");
}

std::string read_all(const std::filesystem::path& file, const Descriptor& descriptor) {
    std::string text(16384, '\0');
    const auto size = ::read(descriptor.number(), text.data(), text.size());
    if (size < 0) refuse(file, std::strerror(errno));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

}  // namespace

std::vector<base::Secret> read_key_file(const std::filesystem::path& file) {
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (descriptor.number() < 0) refuse(file, std::strerror(errno));
    check(file, descriptor);
    auto text = read_all(file, descriptor);
    std::vector<base::Secret> keys;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.empty()) continue;
        auto bytes = bytes_of_base64(line);
        if (!bytes || bytes->size() != aead_key_size) refuse(file, "holds something else than keys");
        keys.push_back(base::Secret::take(*bytes));
    }
    base::wipe(text);
    if (keys.empty()) refuse(file, "holds no key");
    return keys;
}

void create_key_file(const std::filesystem::path& file) {
    const Descriptor descriptor{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (descriptor.number() < 0 && errno == EEXIST) {
        throw base::Error{base::Reason::conflict, "key_file_exists",
                          "key file " + file.string() + " exists and is left as it is"};
    }
    if (descriptor.number() < 0) refuse(file, std::strerror(errno));
    const auto key = random_secret(aead_key_size);
    auto text = base64_of(key.reveal()) + '\n';
    const bool written =
        ::write(descriptor.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
    base::wipe(text);
    if (!written || ::fsync(descriptor.number()) != 0) refuse(file, "cannot be written");
}

void replace_key_file(const std::filesystem::path& file, const std::vector<base::Secret>& keys) {
    struct stat facts {};
    if (::lstat(file.c_str(), &facts) != 0) refuse(file, std::strerror(errno));
    const auto next = file.string() + ".next";
    ::unlink(next.c_str());
    const Descriptor descriptor{::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (descriptor.number() < 0) refuse(next, std::strerror(errno));
    std::string text;
    for (const auto& key : keys) text += base64_of(key.reveal()) + '\n';
    const bool is_written =
        (::geteuid() != 0 || ::fchown(descriptor.number(), facts.st_uid, facts.st_gid) == 0) &&
        ::write(descriptor.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(descriptor.number()) == 0;
    base::wipe(text);
    if (!is_written || ::rename(next.c_str(), file.c_str()) != 0) refuse(file, "cannot be replaced");
    const Descriptor folder{::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.number() >= 0) ::fsync(folder.number());
}

}  // namespace crypto
