#include "base/secret.hpp"

#include <string.h>

#include <utility>

namespace base {

void wipe(std::string& bytes) noexcept {
    bytes.resize(bytes.capacity());
    explicit_bzero(bytes.data(), bytes.size());
    bytes.clear();
}

Secret Secret::take(std::string& bytes) {
    Secret secret{bytes};
    wipe(bytes);
    return secret;
}

Secret::Secret(Secret&& other) noexcept : bytes_{other.bytes_} { wipe(other.bytes_); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe(bytes_);
        bytes_ = other.bytes_;
        wipe(other.bytes_);
    }
    return *this;
}

Secret::~Secret() { wipe(bytes_); }

}  // namespace base
