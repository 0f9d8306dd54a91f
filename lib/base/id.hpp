#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"

namespace base {

/// The id of one kind of thing. Ids of different kinds do not convert into each other.
/// Tag names the public prefix: struct Tag { static constexpr std::string_view prefix = "svc"; };
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(const Uuid& uuid) : uuid_{uuid} {}

    static Id create() { return Id{Uuid::create()}; }

    /// Reads the public form, such as svc_01h455vb4pex5vsknk084sn02q.
    static std::optional<Id> parse(std::string_view text) {
        if (text.size() != Tag::prefix.size() + 27 || !text.starts_with(Tag::prefix)) return std::nullopt;
        if (text[Tag::prefix.size()] != '_') return std::nullopt;
        const auto uuid = uuid_of_base32(text.substr(Tag::prefix.size() + 1));
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }

    /// The public form: prefix, underscore, 26 characters.
    std::string text() const { return std::string{Tag::prefix} + '_' + base32_of(uuid_); }
    /// The form the database holds.
    const Uuid& uuid() const noexcept { return uuid_; }

    friend auto operator<=>(const Id&, const Id&) = default;

private:
    Uuid uuid_;
};

}  // namespace base
