#include "mcp/pagination.hpp"

#include <algorithm>

#include "mcp/error.hpp"
#include "mcp/params.hpp"
#include "mcp/seals.hpp"

namespace mcp {
namespace {

std::string binding_of(const Context& context, const char* member) {
    return std::string{member} + '|' + context.principal.workspace.text() + '|' +
           context.principal.user.text();
}

std::size_t start_of(const Context& context, const json& params, const char* member, const json& items,
                     const char* key, Order order) {
    const std::string* cursor = find_string(params, "cursor");
    if (cursor == nullptr) return 0;
    const auto last = context.service.seals.cursor.open(*cursor, binding_of(context, member));
    if (!last) refuse_params("cursor: is not one of this list");
    if (order == Order::by_key) {
        return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const json& each) {
            return each[key].get_ref<const std::string&>() <= *last;
        }));
    }
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const json& each) { return each[key] == *last; });
    if (item == items.end()) refuse_params("cursor: the list has changed, start again without one");
    return static_cast<std::size_t>(item - items.begin()) + 1;
}

}  // namespace

json page_of(const Context& context, const json& params, const char* member, json items, const char* key,
             Order order) {
    const auto start = start_of(context, params, member, items, key, order);
    const auto end = std::min(items.size(), start + context.service.server.page_size);
    json result = json::object();
    if (end < items.size()) {
        result["nextCursor"] = context.service.seals.cursor.seal(items[end - 1][key].get<std::string>(),
                                                                 binding_of(context, member));
    }
    if (start == 0 && end == items.size()) {
        result[member] = std::move(items);
        return result;
    }
    json page = json::array();
    for (auto i = start; i < end; ++i) page.push_back(std::move(items[i]));
    result[member] = std::move(page);
    return result;
}

}  // namespace mcp
