#define BOOST_TEST_MODULE jose_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "jose/jws.hpp"
#include "jose/jwt.hpp"
#include "schema/json.hpp"

namespace bdata = boost::unit_test::data;
using jose::Algorithm;
using nlohmann::json;

namespace {

const json rfc_7515_ec{{"kty", "EC"},
                       {"crv", "P-256"},
                       {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                       {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}};
const std::string rfc_7515_a3 =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
    "Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const json rfc_8037_okp{
    {"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}};
const std::string rfc_8037_a4 =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
    "09PGcvMg3AIbQR6dWbhi"
    "jcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
const json rfc_7638_rsa{{"kty", "RSA"},
                        {"n",
                         "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6t"
                         "Soc_BJECPebWKRXjBZCiFV4n3"
                         "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
                         "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
                         "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-"
                         "G_xBniIqbw0Ls1jF44-csFCur-"
                         "kEgU8awapJzKnqDKgw"},
                        {"e", "AQAB"}};
// Made with another implementation (Python's cryptography).
const json other_rsa{
    {"kty", "RSA"},
    {"n",
     "v00QMrUR-_uYWOaVmGf7Go-UMPqyrgB5Ssl_SHSWCal5BL90ww4anNbcsfJ_ANYop5dGBcaIWSrF1bIoz5XE1U4phe9f1-"
     "7iU1J3F89qgb-q"
     "1eCxkVYsL-OEXcth_U8sR9Nb7QqVEER81aB2kG1hGUDphym_"
     "zl3TT8btj2ABMoBPU52plBDCjKT0pJIjgfBEBCBboQ9GTp51pTBE0bomk1zO"
     "hGsM5YDFAgcZqJnBL-Nu7Hwepy8C39Wcc1pzl6W0Ev1cJATx835O7DlATFJQUHHf1mZaNvJleGF2Mx0Iv6KfCYKYHI-"
     "231IYdpBbBmIbQVBw"
     "N9KuWXSh97w-G9MlEw"},
    {"e", "AQAB"}};
const std::string other_rs256 =
    "eyJhbGciOiAiUlMyNTYifQ.eyJpc3MiOiJqb2UifQ.q-3ymVicIUZ50wZdZQQr0sAZQ2OgoYzJON9QfAvj_E25AE3Wbf1sXKSmzqT_"
    "K31CRi09"
    "nBZu11He1c2y50fDcunQ-G-XC1U_wWgf9pdUPWgFEjYRiYsJ2SIMiaDXgrr9IBsYOJYtN1DKJp3T4Cf82KZywP2_Ag_"
    "6acy9eJ70V264qIEmO8"
    "wYy1Z-WqIE9g-V4mCCBMCB7YFf1VlWjpSfm34ko8-LNkXMAu3RiIszEGL0qyWgw-ZEOLo9BxQjviBW70VspVxHcNTh-"
    "GPoICpW5qMvbXlD8nzA"
    "41dDaOJBoccB8E3ouSTtbCJhhw9kgoqxO6lOPSYWJFbdMmEQtY1ecA";
const std::string other_ps256 =
    "eyJhbGciOiAiUFMyNTYifQ.eyJpc3MiOiJqb2UifQ.qSwsJEehHBoi95kEd8wh2QpDtscVG1jv5iRdXdfVrXJzk6kqj_"
    "2vHcxngACjn7NKjqmc"
    "LQkdu1nJM3X3HpohSeJ_LDN3Z5J1j0X2LrrVyvrRH62DO01iMoBZthz32RXrPW8iFK8XuoaMqWc_"
    "WyBd3D97QLZ1KMHMXpe8r0sQadZK4qXAgK"
    "hIE_jtXuW5mM2oMWmXnDHY2n5W70YTXPxuxNafNHX_QniINWz0B0xSXp8W1mL250D8Hiaq16klI9Slw43Duhknm7l0BTVSw1eezu_"
    "o9ArbzU-h"
    "XLkob1n6lJTKmHBfjbAdXkuE55gGlPbXhVNL_b9679L80uj9o9XtCA";

jose::PublicKey key_of(const json& jwk) { return jose::PublicKey::parse(jwk).value(); }

bool verifies(const json& jwk, std::string_view text) {
    const auto jws = jose::parse_jws(text);
    return jws && jose::is_signed_by(key_of(jwk), *jws);
}

json with(json object, const char* name, json value) {
    object[name] = std::move(value);
    return object;
}

std::string encoded(std::string_view header, std::string_view payload = "{}",
                    std::string_view signature = "x") {
    return crypto::base64url_of(header) + '.' + crypto::base64url_of(payload) + '.' +
           crypto::base64url_of(signature);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(public_key)

BOOST_AUTO_TEST_CASE(verifies_the_examples_of_the_rfcs_and_of_others) {
    BOOST_TEST(verifies(rfc_7515_ec, rfc_7515_a3));
    BOOST_TEST(verifies(rfc_8037_okp, rfc_8037_a4));
    BOOST_TEST(verifies(other_rsa, other_rs256));
    BOOST_TEST(verifies(other_rsa, other_ps256));
}

BOOST_AUTO_TEST_CASE(thumbprints_are_as_in_rfc_7638_and_rfc_8037) {
    BOOST_TEST(key_of(rfc_7638_rsa).thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    BOOST_TEST(key_of(rfc_8037_okp).thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

BOOST_AUTO_TEST_CASE(a_thumbprint_ignores_what_does_not_make_the_key) {
    const auto named = with(with(rfc_7638_rsa, "kid", "2011-04-29"), "alg", "RS256");
    BOOST_TEST(key_of(named).thumbprint() == key_of(rfc_7638_rsa).thumbprint());
}

BOOST_AUTO_TEST_CASE(the_alg_of_a_key_fixes_its_algorithm) {
    BOOST_TEST(!verifies(with(other_rsa, "alg", "PS256"), other_rs256));
    BOOST_TEST(!verifies(with(other_rsa, "alg", "RS256"), other_ps256));
    BOOST_TEST(!jose::PublicKey::parse(with(other_rsa, "alg", "ES256")).has_value());
    BOOST_TEST(!jose::PublicKey::parse(with(other_rsa, "alg", "HS256")).has_value());
    BOOST_TEST(!jose::PublicKey::parse(with(other_rsa, "alg", "none")).has_value());
    BOOST_TEST(!jose::PublicKey::parse(with(other_rsa, "alg", 1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_of_another_type_verifies_nothing) {
    BOOST_TEST(!verifies(rfc_7515_ec, rfc_8037_a4));
    BOOST_TEST(!verifies(rfc_8037_okp, other_rs256));
    BOOST_TEST(!verifies(other_rsa, rfc_7515_a3));
}

BOOST_AUTO_TEST_CASE(every_changed_character_of_a_signed_text_is_noticed) {
    for (std::size_t i = 0; i < rfc_7515_a3.size(); ++i) {
        auto changed = rfc_7515_a3;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!verifies(rfc_7515_ec, changed), "position " << i);
    }
}

const std::vector<json> refused_keys{
    json::array(),
    json(1),
    json{{"kty", "oct"}, {"k", "c2VjcmV0"}},
    with(rfc_7515_ec, "d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    with(rfc_7515_ec, "use", "enc"),
    with(rfc_7515_ec, "use", 1),
    with(rfc_7515_ec, "key_ops", json::array({"sign"})),
    with(rfc_7515_ec, "key_ops", "verify"),
    with(rfc_7515_ec, "crv", "P-384"),
    with(rfc_7515_ec, "crv", "secp256k1"),
    with(rfc_7515_ec, "x", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
    with(rfc_7515_ec, "x", "AAAA"),
    with(rfc_7515_ec, "x", ""),
    with(rfc_7515_ec, "x", json::object()),
    with(rfc_7515_ec, "y", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE!"),
    with(with(rfc_7515_ec, "x", std::string(43, 'A')), "y", std::string(43, 'A')),
    with(other_rsa, "e", "AQ"),
    with(other_rsa, "e", "AA"),
    with(other_rsa, "e", "AgA"),
    with(other_rsa, "e", std::string(200, 'B')),
    with(other_rsa, "n", "AQAB"),
    with(other_rsa, "n",
         "vkfeQK8Tmvl1aqupGTTOzpKA8iTnpILPGAx-OcNsZvH5f9yLmlzrQ_zx_H9G5nVb-GVsIc7K7PNS-"
         "6DJz8QM9B2tYcA9gODJdgEzYFN0DA"
         "DWCDU6LnWOXWstMYkUu_-bskJaiEEIl11M-eqfV6qzVzjCIABa-E5WZmSUQdknbJM"),
    with(other_rsa, "n", std::string(100'000, 'B')),
    with(rfc_8037_okp, "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ"),
    with(rfc_8037_okp, "crv", "X25519"),
};

BOOST_DATA_TEST_CASE(refuses_a_key_that_is, bdata::make(refused_keys), jwk) {
    BOOST_TEST(!jose::PublicKey::parse(jwk).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(key_set)

BOOST_AUTO_TEST_CASE(leaves_out_what_it_does_not_understand) {
    const auto set = jose::KeySet::parse(
        json{{"keys", json::array({json{{"kty", "unheard"}}, with(rfc_7515_ec, "kid", "one"), 7})}});
    BOOST_REQUIRE(set.keys().size() == 1U);
    BOOST_TEST(set.find("one", Algorithm::es256) == &set.keys().front());
    BOOST_TEST(set.find("two", Algorithm::es256) == nullptr);
    BOOST_TEST(set.find("one", Algorithm::rs256) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_signature_without_a_key_id_needs_a_single_candidate) {
    const auto one = with(rfc_7515_ec, "kid", "one");
    const auto two = with(rfc_7515_ec, "kid", "two");
    BOOST_TEST(
        jose::KeySet::parse(json{{"keys", json::array({one, other_rsa})}}).find("", Algorithm::es256) !=
        nullptr);
    const auto set = jose::KeySet::parse(json{{"keys", json::array({one, two})}});
    BOOST_TEST(set.find("", Algorithm::es256) == nullptr);
    BOOST_TEST(set.find("two", Algorithm::es256) != nullptr);
}

BOOST_AUTO_TEST_CASE(is_published_without_private_parts_and_read_again) {
    const auto key = jose::SigningKey::create(Algorithm::es256);
    const auto jwks = jose::KeySet{{key.public_key()}}.jwks();
    BOOST_TEST(!jwks["keys"][0].contains("d"));
    BOOST_TEST(jwks["keys"][0]["use"] == "sig");
    BOOST_TEST(jose::KeySet::parse(jwks).find(key.id(), Algorithm::es256) != nullptr);
}

BOOST_DATA_TEST_CASE(refuses_a_set_that_is,
                     bdata::make({"[]", "{}", "1", "null", R"({"keys":{}})", R"({"keys":7})"}), text) {
    BOOST_CHECK_THROW(jose::KeySet::parse(json::parse(text)), base::Error);
}

BOOST_AUTO_TEST_CASE(refuses_a_set_without_end) {
    json many = json::array();
    for (int i = 0; i < 101; ++i) many.push_back(rfc_7515_ec);
    BOOST_CHECK_THROW(jose::KeySet::parse(json{{"keys", many}}), base::Error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(jws)

BOOST_DATA_TEST_CASE(is_signed_and_verified_by_its_own_key_alone, bdata::make({0, 1}), which) {
    const auto algorithm = which == 0 ? Algorithm::es256 : Algorithm::rs256;
    const auto key = jose::SigningKey::create(algorithm);
    const auto text = jose::sign_jws(key, "at+jwt", "{}");
    const auto parsed = jose::parse_jws(text);
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->key_id == key.id());
    BOOST_TEST(parsed->type == "at+jwt");
    BOOST_TEST(parsed->payload == "{}");
    BOOST_TEST(jose::is_signed_by(key.public_key(), *parsed));
    BOOST_TEST(!jose::is_signed_by(jose::SigningKey::create(algorithm).public_key(), *parsed));
    const auto again = jose::SigningKey::parse(algorithm, key.private_der().reveal());
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->id() == key.id());
    BOOST_TEST(jose::is_signed_by(key.public_key(), *jose::parse_jws(jose::sign_jws(*again, "JWT", "x"))));
}

BOOST_AUTO_TEST_CASE(a_private_key_is_read_as_its_own_kind_alone) {
    const auto der = jose::SigningKey::create(Algorithm::es256).private_der();
    BOOST_TEST(!jose::SigningKey::parse(Algorithm::rs256, der.reveal()).has_value());
    BOOST_TEST(!jose::SigningKey::parse(Algorithm::es256, der.reveal().substr(1)).has_value());
    BOOST_TEST(!jose::SigningKey::parse(Algorithm::es256, "").has_value());
    BOOST_TEST(!jose::SigningKey::parse(Algorithm::es256, std::string(100'000, '0')).has_value());
}

const std::vector<std::string> refused_texts{
    "",
    ".",
    "..",
    "...",
    "a.b",
    "eyJhbGciOiJFUzI1NiJ9.e30",
    "eyJhbGciOiJFUzI1NiJ9.e30.eA.eA",
    "eyJhbGciOiJFUzI1NiJ9=.e30.eA",
    " eyJhbGciOiJFUzI1NiJ9.e30.eA",
    encoded("not json"),
    encoded("[]"),
    encoded("{}"),
    encoded(R"({"alg":"none"})"),
    encoded(R"({"alg":"None"})"),
    encoded(R"({"alg":"nOnE"})"),
    encoded(R"({"alg":""})"),
    encoded(R"({"alg":null})"),
    encoded(R"({"alg":["ES256"]})"),
    encoded(R"({"alg":"HS256"})"),
    encoded(R"({"alg":"es256"})"),
    encoded(R"({"alg":"ES256","alg":"none"})"),
    encoded(R"({"alg":"ES256","kid":7})"),
    encoded(R"({"alg":"ES256","typ":{}})"),
    encoded(R"({"alg":"ES256","crit":["b64"],"b64":false})"),
    encoded(R"({"alg":"ES256","crit":[]})"),
    encoded(std::string(5000, '[')),
    encoded(R"({"alg":"ES256"})", std::string(20'000, 'x')),
};

BOOST_DATA_TEST_CASE(refuses_a_text_that_is, bdata::make(refused_texts), text) {
    BOOST_TEST(!jose::parse_jws(text).has_value());
}

BOOST_AUTO_TEST_CASE(an_ecdsa_signature_of_another_form_is_none) {
    auto parsed = jose::parse_jws(rfc_7515_a3).value();
    const auto key = key_of(rfc_7515_ec);
    const auto whole = parsed.signature;
    for (const auto& signature : {std::string{}, whole.substr(1), whole + '\0', std::string(64, '\0'),
                                  std::string(64, '\xff'), std::string{"0\x06\x02\x01\x01\x02\x01\x01", 8}}) {
        parsed.signature = signature;
        BOOST_TEST(!jose::is_signed_by(key, parsed));
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_a_text_brings_along_is_ignored) {
    const auto stranger = jose::SigningKey::create(Algorithm::es256);
    const auto header =
        json{{"alg", "ES256"}, {"jwk", stranger.public_key().jwk()}, {"jku", "https://evil.example/"}};
    auto text = crypto::base64url_of(schema::dump(header)) + ".e30";
    text += '.' + crypto::base64url_of(stranger.sign(text));
    BOOST_TEST(!verifies(rfc_7515_ec, text));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Token {
    jose::SigningKey key = jose::SigningKey::create(Algorithm::es256);
    jose::KeySet keys{{key.public_key()}};
    base::Clock::time_point now{std::chrono::seconds{1'800'000'000}};
    json claims{
        {"iss", "https://issuer.example"}, {"aud", "us"}, {"exp", 1'800'000'300}, {"iat", 1'800'000'000}};
    jose::Expectation expected{
        .issuer = "https://issuer.example", .audiences = {"us", "also us"}, .type = "at+jwt"};
    std::string type = "at+jwt";

    std::string refusal() const {
        try {
            jose::verify_jwt(jose::sign_jwt(key, type, claims), keys, expected, now);
            return "";
        } catch (const base::Error& error) {
            BOOST_TEST(error.code() == "jwt_invalid");
            return error.what();
        }
    }
    bool refuses(const char* name, json value) {
        claims[name] = std::move(value);
        return !refusal().empty();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jwt, Token)

BOOST_AUTO_TEST_CASE(as_expected_is_taken) {
    BOOST_TEST(refusal() == "");
    claims["aud"] = json::array({"others", "also us"});
    type = "Application/AT+JWT";
    BOOST_TEST(refusal() == "");
}

BOOST_DATA_TEST_CASE(of_another_issuer_is_refused,
                     bdata::make({R"("https://issuer.example/")", R"("HTTPS://issuer.example")", R"("")",
                                  "null", "7", R"(["https://issuer.example"])"}),
                     issuer) {
    BOOST_TEST(refuses("iss", json::parse(issuer)));
}

BOOST_DATA_TEST_CASE(for_another_audience_is_refused,
                     bdata::make({R"("them")", R"([])", R"("us/")", R"([7,"us"])", "null", R"({"us":1})"}),
                     audience) {
    BOOST_TEST(refuses("aud", json::parse(audience)));
}

BOOST_DATA_TEST_CASE(without_a_sound_expiry_is_refused,
                     bdata::make({"null", R"("1800000300")", "-1", "1e300", "1799999000", "true",
                                  "[1800000300]"}),
                     expiry) {
    BOOST_TEST(refuses("exp", json::parse(expiry)));
}

BOOST_AUTO_TEST_CASE(without_an_expiry_is_refused) {
    claims.erase("exp");
    BOOST_TEST(!refusal().empty());
}

BOOST_AUTO_TEST_CASE(clocks_may_differ_by_the_skew_and_no_more) {
    claims["exp"] = 1'800'000'000 - 59;
    BOOST_TEST(refusal() == "");
    claims["exp"] = 1'800'000'000 - 60;
    BOOST_TEST(refusal() == "the token has expired");
    claims["exp"] = 1'800'000'300;
    claims["nbf"] = 1'800'000'000 + 60;
    BOOST_TEST(refusal() == "");
    claims["nbf"] = 1'800'000'000 + 61;
    BOOST_TEST(refusal() == "the token is not yet valid");
    claims["nbf"] = "soon";
    BOOST_TEST(!refusal().empty());
}

BOOST_AUTO_TEST_CASE(of_another_type_is_refused) {
    for (const auto* other : {"JWT", "", "at+jwt2", "text/at+jwt", "id_token"}) {
        type = other;
        BOOST_TEST(!refusal().empty(), other);
    }
}

BOOST_AUTO_TEST_CASE(must_hold_the_nonce_when_one_is_expected) {
    expected.nonce = "n";
    BOOST_TEST(!refusal().empty());
    BOOST_TEST(refuses("nonce", "m"));
    claims["nonce"] = "n";
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(of_an_unknown_or_another_key_is_refused) {
    keys = jose::KeySet{{jose::SigningKey::create(Algorithm::es256).public_key()}};
    BOOST_TEST(refusal() == "the token is signed with an unknown key");
    auto jwk = keys.keys().front().jwk();
    jwk["kid"] = key.id();
    keys = jose::KeySet{{key_of(jwk)}};
    BOOST_TEST(refusal() == "the token's signature does not verify");
}

BOOST_AUTO_TEST_CASE(whose_payload_is_no_object_is_refused) {
    for (const auto* payload : {"", "[]", "7", "{", R"({"iss":"a","iss":"b"})"}) {
        BOOST_CHECK_THROW(jose::verify_jwt(jose::sign_jws(key, type, payload), keys, expected, now),
                          base::Error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
