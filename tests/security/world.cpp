#include "security/world.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <mutex>
#include <stdexcept>

namespace test {
namespace {

std::mutex lookups_mutex;

void require(bool success, const char* what) {
    if (!success) throw std::runtime_error{std::string{what} + ": " + std::strerror(errno)};
}

void write_file(const char* path, const std::string& text) {
    const int file = ::open(path, O_WRONLY);
    require(file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), path);
    ::close(file);
}

void enter_own_network() {
    if (::geteuid() == 0) return require(::unshare(CLONE_NEWNET) == 0, "unshare");
    const auto user = std::to_string(::getuid());
    const auto group = std::to_string(::getgid());
    require(::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0, "unshare");
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", "0 " + user + " 1");
    write_file("/proc/self/gid_map", "0 " + group + " 1");
}

void raise_loopback(int socket) {
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    require(::ioctl(socket, SIOCSIFFLAGS, &request) == 0, "loopback up");
}

void add_v4(int socket, int number, const std::string& address) {
    ifreq request{};
    std::snprintf(request.ifr_name, sizeof request.ifr_name, "lo:%d", number);
    sockaddr_in value{};
    value.sin_family = AF_INET;
    ::inet_pton(AF_INET, address.c_str(), &value.sin_addr);
    std::memcpy(&request.ifr_addr, &value, sizeof value);
    require(::ioctl(socket, SIOCSIFADDR, &request) == 0, address.c_str());
    value.sin_addr.s_addr = ~in_addr_t{0};
    std::memcpy(&request.ifr_netmask, &value, sizeof value);
    require(::ioctl(socket, SIOCSIFNETMASK, &request) == 0, address.c_str());
}

void add_v6(int socket, const std::string& address) {
    in6_ifreq request{};
    ::inet_pton(AF_INET6, address.c_str(), &request.ifr6_addr);
    request.ifr6_prefixlen = 128;
    request.ifr6_ifindex = static_cast<int>(::if_nametoindex("lo"));
    require(::ioctl(socket, SIOCSIFADDR, &request) == 0, address.c_str());
}

void add_addresses() {
    const int v4 = ::socket(AF_INET, SOCK_DGRAM, 0);
    const int v6 = ::socket(AF_INET6, SOCK_DGRAM, 0);
    raise_loopback(v4);
    int number = 1;
    add_v4(v4, number++, World::public_v4);
    for (const auto& address : World::forbidden_v4()) {
        if (address != "127.0.0.1" && address != "127.9.9.9") add_v4(v4, number++, address);
    }
    add_v6(v6, World::public_v6);
    for (const auto& address : World::forbidden_v6()) {
        if (address != "::1") add_v6(v6, address);
    }
    ::close(v4);
    ::close(v6);
}

}  // namespace

const std::vector<std::string>& World::forbidden_v4() {
    static const std::vector<std::string> addresses{
        "127.0.0.1",     "127.9.9.9",  "10.9.8.7",     "100.64.1.1",  "169.254.7.7",     "169.254.169.254",
        "169.254.170.2", "172.16.5.4", "172.31.255.1", "192.0.0.8",   "192.0.2.5",       "192.88.99.1",
        "192.168.7.6",   "198.18.0.1", "198.51.100.7", "203.0.113.9", "100.100.100.200", "168.63.129.16"};
    return addresses;
}

const std::vector<std::string>& World::forbidden_v6() {
    static const std::vector<std::string> addresses{
        "::1",     "fd12:3456::1", "fd00:ec2::254", "2001:db8::5", "2002:0a09:0807::1", "64:ff9b::a09:807",
        "2001::7", "100::9",       "fec0::4"};
    return addresses;
}

World::World() {
    enter_own_network();
    add_addresses();
    std::string name = "/tmp/gatehouse_world.XXXXXX";
    folder_ = ::mkdtemp(name.data());
    int input[2];
    int output[2];
    require(::pipe2(input, O_CLOEXEC) == 0 && ::pipe2(output, O_CLOEXEC) == 0, "pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(input[0], 0);
        ::dup2(output[1], 1);
        ::execlp("python3", "python3", GATEHOUSE_UPSTREAM, folder_.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    std::string said;
    for (char c = 0; ::read(output[0], &c, 1) == 1 && c != '\n';) said += c;
    if (said != "ready") throw std::runtime_error{"upstream.py did not start: " + said};
    ::close(output[0]);
    names["api.example.com"] = {public_v4};
}

World::~World() {
    ::close(input_);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
}

int World::accepted(const std::string& address) const {
    std::ifstream file{folder_ / "accepted"};
    int count = 0;
    for (std::string line; std::getline(file, line);)
        count += address.empty() || line.starts_with(address + ' ');
    return count;
}

int World::accepted() const { return accepted(""); }

http_client::Resolver World::resolver() {
    return [this](const std::string& host) {
        const std::lock_guard lock{lookups_mutex};
        ++lookups[host];
        std::vector<http_client::Address> addresses;
        for (const auto& text : names[host]) addresses.push_back(http_client::Address::parse(text).value());
        return addresses;
    };
}

}  // namespace test
