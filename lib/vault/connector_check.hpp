#pragma once

#include <string>
#include <string_view>

#include "vault/connector.hpp"

namespace vault {

/// Throws base::Error (invalid_input, "connector_invalid") when the connector contradicts itself: a template
/// that names nothing, a header that may not be set, a verification that could not be sent.
void check_connector(const Connector& connector);

/// Whether the header belongs to the connection or to its framing rather than to the caller or the
/// connector. `name` in lower case.
bool is_reserved_field(std::string_view name) noexcept;

/// An operator's value for a setting. Throws base::Error (invalid_input, "invalid_setting").
void check_setting(const Setting& setting, const std::string& value);

}  // namespace vault
