#pragma once

#include <string>
#include <string_view>

namespace egress {}  // namespace egress
