#pragma once

#include <string>

namespace tool {

/// Names this process among all that ever ran on any host: boot id, process id, start time.
std::string this_runner();

/// Whether the named process may still be running. A process of another host or boot counts as running for as
/// long as `may_still_run` says; one of this boot is looked up; an empty name is nobody's.
bool is_running(const std::string& runner, bool may_still_run);

}  // namespace tool
