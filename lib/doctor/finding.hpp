#pragma once

#include <string>
#include <vector>

namespace doctor {

/// What one check found, in a line.
struct Finding {
    bool is_well = false;
    std::string subject;  ///< what was looked at
    std::string found;    ///< what was seen there
    std::string fix;      ///< what to do; empty when all is well
};
using Findings = std::vector<Finding>;

inline Finding well(std::string subject, std::string found) {
    return {true, std::move(subject), std::move(found), {}};
}
inline Finding ill(std::string subject, std::string found, std::string fix) {
    return {false, std::move(subject), std::move(found), std::move(fix)};
}

}  // namespace doctor
