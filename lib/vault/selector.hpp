#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schema/field.hpp"
#include "vault/request_content.hpp"

namespace vault {

/// How a service that has one path for many operations is told which one is meant: the places in which it
/// looks, and what it finds there for the operations in question.
struct Selector {
    std::optional<std::string> header = {};
    std::optional<std::string> parameter = {};  ///< of the query or, in whatever form, of the body
    std::optional<bool> graphql = {};           ///< a name in the GraphQL document
    std::optional<bool> body = {};              ///< anywhere in the body, as requests stand in a batch
    std::vector<std::string> values = {};       ///< in any case; one '*' stands for any characters

    static constexpr auto fields = std::tuple{
        schema::field("header", &Selector::header, "The header that names the operation."),
        schema::field("parameter", &Selector::parameter,
                      "The parameter of query or body that names it: of a form or a member of JSON."),
        schema::field("graphql", &Selector::graphql, "Whether fields of a GraphQL document name it."),
        schema::field("body", &Selector::body, "Whether it is named anywhere in the body."),
        schema::field("values", &Selector::values, "The operations' names; * stands for any characters.",
                      {1, 128}),
    };
};

/// Whether the request selects one of the values for some reader. In doubt it does.
bool may_select(const Selector& selector, const Reading& reading);

/// Throws base::Error (invalid_input, "connector_invalid") when it could never select anything, or anything.
void check_selector(const Selector& selector);

}  // namespace vault
