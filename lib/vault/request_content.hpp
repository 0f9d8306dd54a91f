#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vault {

/// What a request says besides its method and path. The texts are the request's own.
struct RequestContent {
    std::string_view query;
    std::string_view body;
    std::vector<std::pair<std::string, std::string_view>> fields;  ///< names in lower case
};

/// The content in each way in which a receiver may read it, whatever its Content-Type says: only JSON that is
/// said to be JSON is nothing else. REQUIRES: the content outlives it.
class Reading {
public:
    explicit Reading(const RequestContent& content);

    using Visit = std::function<void(std::string_view name, std::string_view value)>;
    /// Every parameter of query and body: as forms (a[b] is a part of a), and as JSON the members of an
    /// object or of the objects in a list, with all that lies below a member as its value.
    void visit_parameters(const Visit& visit) const;

    const RequestContent& content() const noexcept { return content_; }
    bool is_json() const noexcept { return json_.has_value(); }
    /// The body is compressed or in another character set: it may say anything.
    bool is_opaque() const;
    /// The body has other parts than visit_parameters tells of, or readers may disagree about them.
    bool is_doubtful() const;

private:
    const RequestContent& content_;
    std::string type_;  ///< the Content-Type in lower case
    std::optional<nlohmann::json> json_;
    bool is_multipart_;
};

}  // namespace vault
