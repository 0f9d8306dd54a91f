#include "egress/text.hpp"

#include <algorithm>

namespace egress {}  // namespace egress
