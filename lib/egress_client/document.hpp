#pragma once

#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace egress_client {

/// Where egress answers requests for documents, on nginx's internal listener.
inline constexpr const char* document_path = "/egress/document";

struct DocumentRequest {
    std::string url;

    static constexpr auto fields = std::tuple{
        schema::field("url", &DocumentRequest::url, "An https URL.", {1, 2048}),
    };
};

/// What the world answered, whatever its status.
struct Document {
    int status = 0;
    std::string content_type;
    std::string cache_control;
    std::string body;

    static constexpr auto fields = std::tuple{
        schema::field("status", &Document::status, "HTTP status."),
        schema::field("content_type", &Document::content_type, "The answer's Content-Type."),
        schema::field("cache_control", &Document::cache_control, "The answer's Cache-Control."),
        schema::field("body", &Document::body, "The answer's content, UTF-8."),
    };
};

}  // namespace egress_client
