#include "mcp/revision.hpp"

namespace mcp {

std::string_view text_of(Revision revision) noexcept {
    switch (revision) {
        case Revision::r2025_03_26:
            return "2025-03-26";
        case Revision::r2025_06_18:
            return "2025-06-18";
        case Revision::r2025_11_25:
            return "2025-11-25";
        case Revision::r2026_07_28:
            return "2026-07-28";
    }
    return {};
}

std::optional<Revision> revision_of(std::string_view text) noexcept {
    for (const auto revision : revisions) {
        if (text_of(revision) == text) return revision;
    }
    return std::nullopt;
}

}  // namespace mcp
