#include "precompiled/json.hpp"

template class nlohmann::basic_json<>;
