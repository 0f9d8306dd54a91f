#include "redaction/fingerprints.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "redaction/encodings.hpp"
#include "redaction/forms.hpp"

namespace redaction {
namespace {

constexpr std::size_t digest_size = 16;

std::uint64_t odd_number_of(std::string_view key) {
    std::uint64_t number = 0;
    std::memcpy(&number, crypto::sha256(std::string{key} + "window").data(), sizeof number);
    return number | 1;
}

std::optional<std::uint32_t> number_of(std::string_view digits) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::string hex(std::uint32_t number) {
    char digits[8];
    return {digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr};
}

}  // namespace

std::string Mark::text() const { return hex(window) + '.' + hex(size) + '.' + crypto::hex_of(digest); }

std::optional<Mark> Mark::parse(std::string_view text) {
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto window = number_of(text.substr(0, first));
    const auto size = number_of(text.substr(first + 1, second - first - 1));
    auto digest = crypto::bytes_of_hex(text.substr(second + 1));
    if (!window || !size || *size < least_size || !digest || digest->size() != digest_size)
        return std::nullopt;
    return Mark{*window, *size, *std::move(digest)};
}

Fingerprints::Fingerprints(std::string_view key) : key_{key}, multiplier_{odd_number_of(key)} {}

std::uint32_t Fingerprints::window_of(const char* bytes) const noexcept {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    number ^= number >> 32;
    return static_cast<std::uint32_t>((number * multiplier_) >> 32);
}

std::string Fingerprints::digest_of(std::string_view text) const {
    return crypto::hmac_sha256(key_, text).substr(0, digest_size);
}

std::vector<Mark> Fingerprints::marks_of(std::string_view secret) const {
    std::vector<Mark> marks;
    for (const auto& encoding : encodings_of(secret)) {
        const auto text = encoding.text.reveal();
        marks.push_back({window_of(text.data()), static_cast<std::uint32_t>(text.size()), digest_of(text)});
    }
    return marks;
}

void Fingerprints::add(Mark mark, std::size_t owner) {
    filter_.set(mark.window >> 16);
    longest_ = std::max<std::size_t>(longest_, mark.size);
    marks_.push_back({std::move(mark), owner});
}

void Fingerprints::prepare() {
    std::sort(marks_.begin(), marks_.end(),
              [](const Owned& left, const Owned& right) { return left.mark.window < right.mark.window; });
}

std::optional<std::size_t> Fingerprints::owner_at(std::uint32_t window, std::string_view bytes) const {
    auto known =
        std::lower_bound(marks_.begin(), marks_.end(), window,
                         [](const Owned& owned, std::uint32_t wanted) { return owned.mark.window < wanted; });
    for (; known != marks_.end() && known->mark.window == window; ++known) {
        if (known->mark.size <= bytes.size() &&
            digest_of(bytes.substr(0, known->mark.size)) == known->mark.digest)
            return known->owner;
    }
    return std::nullopt;
}

std::optional<std::size_t> Fingerprints::find_folded(std::string_view bytes) const {
    auto owner = find_in(bytes);
    for (const auto alphabet : {Alphabet::base64, Alphabet::hex}) {
        if (owner) break;
        std::string text{bytes};
        for (auto& c : text) c = folded(alphabet, c);
        if (text != bytes) owner = find_in(text);
        base::wipe(text);
    }
    return owner;
}

std::optional<std::size_t> Fingerprints::find_in(std::string_view bytes) const {
    for (std::size_t at = 0; at + least_size <= bytes.size(); ++at) {
        const auto window = window_of(bytes.data() + at);
        if (!filter_[window >> 16]) continue;
        if (const auto owner = owner_at(window, bytes.substr(at))) return owner;
    }
    return std::nullopt;
}

std::optional<std::size_t> Fingerprints::find(std::string_view text) const {
    std::optional<std::size_t> owner;
    if (empty()) return owner;
    for_each_form(text, Wanted::anything(longest_), [&](std::string_view bytes, const Origin&) {
        if (!owner) owner = find_folded(bytes);
    });
    return owner;
}

}  // namespace redaction
