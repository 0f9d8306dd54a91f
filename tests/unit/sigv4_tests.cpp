#define BOOST_TEST_MODULE sigv4_tests
#include <boost/test/unit_test.hpp>

#include "crypto/digest.hpp"
#include "egress/sigv4.hpp"

namespace {

/// The vectors that AWS publishes for its signature: what is sent and the signature that belongs to it.
struct AwsVector {
    const char* name;
    egress::AwsRequest request;
    const char* body;
    const char* signature;
};

const std::vector<AwsVector> aws_vectors{
    {"get-vanilla",
     {"GET", "/", "", {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}, ""},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query",
     {"GET", "/", "", {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}, ""},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-encoded",
     {"GET",
      "/",
      "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"get-vanilla-query-order-key-case",
     {"GET",
      "/",
      "Param2=value2&Param1=value1",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-unreserved",
     {"GET",
      "/",
      "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~"
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     {"GET",
      "/",
      "\xe1\x88\xb4=bar",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-vanilla-empty-query-key",
     {"GET",
      "/",
      "Param1=value1",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-unreserved",
     {"GET",
      "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
      "",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     {"GET",
      "/\xe1\x88\xb4",
      "",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-space-normalized",
     {"GET",
      "/example space/",
      "",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-header-key-duplicate",
     {"GET",
      "/",
      "",
      {{"Host", "example.amazonaws.com"},
       {"My-Header1", "value2"},
       {"My-Header1", "value2"},
       {"My-Header1", "value1"},
       {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     {"GET",
      "/",
      "",
      {{"Host", "example.amazonaws.com"},
       {"My-Header1", "value4"},
       {"My-Header1", "value1"},
       {"My-Header1", "value3"},
       {"My-Header1", "value2"},
       {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     {"GET",
      "/",
      "",
      {{"Host", "example.amazonaws.com"},
       {"My-Header1", " value1"},
       {"My-Header2", " \"a   b   c\""},
       {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla",
     {"POST", "/", "", {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}, ""},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query",
     {"POST",
      "/",
      "Param1=value1",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-vanilla-empty-query-value",
     {"POST",
      "/",
      "Param1=value1",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-header-key-case",
     {"POST", "/", "", {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}, ""},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-header-key-sort",
     {"POST",
      "/",
      "",
      {{"Host", "example.amazonaws.com"}, {"My-Header1", "value1"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     {"POST",
      "/",
      "",
      {{"Host", "example.amazonaws.com"}, {"My-Header1", "VALUE1"}, {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-sts-header-before",
     {"POST",
      "/",
      "",
      {{"Host", "example.amazonaws.com"},
       {"X-Amz-Security-Token",
        "AQoDYXdzEPT//////////"
        "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
        "qkPpKPi/"
        "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9"
        "q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/"
        "oLxBA=="},
       {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    {"get-vanilla-with-session-token",
     {"GET",
      "/",
      "",
      {{"Host", "example.amazonaws.com"},
       {"X-Amz-Security-Token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"},
       {"X-Amz-Date", "20150830T123600Z"}},
      ""},
     "",
     "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
    {"post-x-www-form-urlencoded",
     {"POST",
      "/",
      "",
      {{"Content-Type", "application/x-www-form-urlencoded"},
       {"Host", "example.amazonaws.com"},
       {"Content-Length", "13"},
       {"X-Amz-Date", "20150830T123600Z"},
       {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
      ""},
     "Param1=value1",
     "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
    {"post-x-www-form-urlencoded-parameters",
     {"POST",
      "/",
      "",
      {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
       {"Host", "example.amazonaws.com"},
       {"Content-Length", "13"},
       {"X-Amz-Date", "20150830T123600Z"},
       {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
      ""},
     "Param1=value1",
     "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
};

constexpr auto key_id = "AKIDEXAMPLE";
constexpr auto key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const egress::AwsScope scope{"us-east-1", "service"};

std::string signature_of(const std::string& authorization) {
    return authorization.substr(authorization.rfind('=') + 1);
}

http_client::Request request_to(const char* url) {
    http_client::Request request;
    request.method = http_syntax::find_method("GET");
    request.url = http_syntax::parse_url(url);
    return request;
}

std::string field_of(const http_client::Request& request, const std::string& name) {
    for (const auto& field : request.fields) {
        if (field.name == name) return std::string{field.value.reveal()};
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(agrees_with_the_published_vectors) {
    for (auto vector : aws_vectors) {
        vector.request.body_sha256 = crypto::sha256_hex(vector.body);
        const auto authorization =
            egress::aws_authorization(vector.request, scope, "20150830T123600Z", key_id, key);
        BOOST_TEST(signature_of(authorization) == vector.signature, vector.name);
    }
}

BOOST_AUTO_TEST_CASE(a_request_carries_all_that_was_signed) {
    vault::Secrets secrets;
    secrets.emplace("access_key_id", base::Secret{key_id});
    secrets.emplace("secret_access_key", base::Secret{key});
    secrets.emplace("session_token", base::Secret{"session"});
    auto request = request_to("https://sqs.eu-central-1.amazonaws.com/a%20b?x=1");
    request.fields.push_back({"User-Agent", base::Secret{"not signed"}});
    egress::sign_for_aws(request, {"eu-central-1", "sqs"}, secrets, base::Clock::from_time_t(1440938160));
    BOOST_TEST(field_of(request, "X-Amz-Date") == "20150830T123600Z");
    BOOST_TEST(field_of(request, "X-Amz-Security-Token") == "session");
    BOOST_TEST(field_of(request, "X-Amz-Content-Sha256") == crypto::sha256_hex(""));
    const auto authorization = field_of(request, "Authorization");
    BOOST_TEST(authorization.starts_with(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/sqs/aws4_request, SignedHeaders="
        "host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="));
    BOOST_TEST(authorization.find(key) == std::string::npos);
}
