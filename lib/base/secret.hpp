#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace base {

/// Bytes that are never printed, never serialized, never copied, and wiped when they die.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view bytes) : bytes_{bytes} {}
    /// Takes the bytes over and wipes the string they came in.
    static Secret take(std::string& bytes);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    /// The only way out: `git grep reveal` lists every use of a secret.
    std::string_view reveal() const noexcept { return bytes_; }
    bool empty() const noexcept { return bytes_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = delete;  // crypto::equal_in_constant_time
    friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

private:
    std::string bytes_;
};
template <class Json>
void to_json(Json&, const Secret&) = delete;

/// Overwrites the string's storage with zeros and empties it.
void wipe(std::string& bytes) noexcept;

}  // namespace base
