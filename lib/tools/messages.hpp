#pragma once

#include <string>
#include <tuple>

#include "schema/schema.hpp"

namespace tools {

/// The input of a tool that takes none.
struct Nothing {
    static constexpr auto fields = std::tuple<>{};
};

/// The output of a tool that has nothing to say but that it succeeded.
struct Done {
    bool done = true;
    static constexpr auto fields = std::tuple{schema::field("done", &Done::done, "Always true.")};
};

/// Which key is meant, an API key or a publishable one.
struct KeyName {
    std::string key_id;
    static constexpr auto fields =
        std::tuple{schema::field("key_id", &KeyName::key_id, "The key's id.", {1, 64})};
};

}  // namespace tools
