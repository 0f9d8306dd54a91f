#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mcp {

/// The revisions of the protocol that are spoken here, oldest first.
enum class Revision { r2025_03_26, r2025_06_18, r2025_11_25, r2026_07_28 };

inline constexpr std::array revisions{Revision::r2026_07_28, Revision::r2025_11_25, Revision::r2025_06_18,
                                      Revision::r2025_03_26};
/// What `initialize` answers to a client that asks for a revision unknown here.
inline constexpr Revision newest_legacy = Revision::r2025_11_25;

/// The name on the wire, such as 2026-07-28.
std::string_view text_of(Revision revision) noexcept;
std::optional<Revision> revision_of(std::string_view text) noexcept;

/// Whether every request carries its own metadata; the other revisions begin with `initialize`.
constexpr bool is_modern(Revision revision) noexcept { return revision == Revision::r2026_07_28; }

}  // namespace mcp
