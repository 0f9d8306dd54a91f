#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/config.hpp"
#include "http_client/client.hpp"

namespace doctor {

/// A client somewhere in the world: asks the public origin and follows nothing.
class Outside {
public:
    Outside(const base::Config& config, const std::filesystem::path& ca);

    /// Throws base::Error as http_client::Client::perform.
    http_client::Response ask(const char* method, const std::string& path,
                              const std::vector<std::pair<std::string, std::string>>& fields = {},
                              const std::optional<std::string>& body = std::nullopt);

    const std::string& origin() const noexcept { return origin_; }

private:
    std::string origin_;
    http_client::Client client_;
};

}  // namespace doctor
