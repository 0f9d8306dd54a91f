#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "http_client/message.hpp"
#include "vault/service.hpp"

namespace egress {

/// AWS Signature Version 4 (Signature Version 4 in the AWS IAM User Guide), in a request's header.

struct AwsScope {
    std::string region;
    std::string service;
};

/// What is signed of a request.
struct AwsRequest {
    std::string_view method;
    std::string_view path;                                    ///< as it is sent
    std::string_view query;                                   ///< as it is sent
    std::vector<std::pair<std::string, std::string>> fields;  ///< Host and X-Amz-Date among them
    std::string body_sha256;                                  ///< hexadecimal
};

/// The value of Authorization. `date`: that of X-Amz-Date, 20150830T123600Z.
std::string aws_authorization(const AwsRequest& request, const AwsScope& scope, std::string_view date,
                              std::string_view access_key_id, std::string_view secret_access_key);

/// Signs the request as it stands, with an AWS key's secrets (vault/grant_check.hpp names them): adds
/// X-Amz-Date, X-Amz-Content-Sha256, X-Amz-Security-Token for temporary keys, and Authorization.
void sign_for_aws(http_client::Request& request, const AwsScope& scope, const vault::Secrets& secrets,
                  base::Clock::time_point now);

}  // namespace egress
