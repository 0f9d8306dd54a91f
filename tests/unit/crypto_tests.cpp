#define BOOST_TEST_MODULE crypto_tests
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/checksum.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"
#include "crypto/random.hpp"
#include "crypto/sealed_token.hpp"
#include "crypto/x25519.hpp"

namespace {

std::string hex(const char* text) { return *crypto::bytes_of_hex(text); }

struct Folder {
    Folder() {
        std::string name = "/tmp/crypto_tests.XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
    std::filesystem::path key() const { return path / "key"; }
    void write(const std::string& text, mode_t mode = 0600) const {
        std::ofstream{key()} << text;
        ::chmod(key().c_str(), mode);
    }
};

bool is_refused(const std::filesystem::path& file) {
    try {
        crypto::read_key_file(file);
    } catch (const base::Error& error) {
        return error.code() == "key_file_invalid";
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(sha256_of_abc_is_as_in_fips_180) {
    BOOST_TEST(crypto::sha256_hex("abc") ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(hmac_is_as_in_rfc_4231_case_2) {
    BOOST_TEST(crypto::hex_of(crypto::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_CASE(hkdf_is_as_in_rfc_5869_case_1) {
    const auto key = crypto::hkdf_sha256(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                                         hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42);
    BOOST_TEST(crypto::hex_of(key.reveal()) ==
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

BOOST_AUTO_TEST_CASE(hkdf_without_salt_and_info_is_as_in_rfc_5869_case_3) {
    const auto key = crypto::hkdf_sha256(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), "", "", 42);
    BOOST_TEST(crypto::hex_of(key.reveal()) ==
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

BOOST_AUTO_TEST_CASE(crc32_of_the_nine_digits_is_the_published_check_value) {
    BOOST_TEST(crypto::crc32("123456789") == 0xcbf43926U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(base64_is_as_in_rfc_4648) {
    const std::pair<const char*, const char*> examples[]{
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : examples) {
        BOOST_TEST(crypto::base64_of(bytes) == text);
        BOOST_TEST(crypto::bytes_of_base64(text).value() == bytes);
    }
    BOOST_TEST(crypto::base64url_of(hex("fbff")) == "-_8");
    BOOST_TEST((crypto::bytes_of_base64url("-_8") == hex("fbff")));
}

BOOST_AUTO_TEST_CASE(readers_refuse_a_second_text_for_the_same_bytes) {
    for (const auto* text : {"Zg", "Zg=", "Zh==", "Zg==\n", "Zm9v====", "Z===", "Zm 8", "-_8="})
        BOOST_TEST(!crypto::bytes_of_base64(text).has_value(), text);
    for (const auto* text : {"Zg==", "Zh", "Z", "+/8"})
        BOOST_TEST(!crypto::bytes_of_base64url(text).has_value(), text);
    for (const auto* text : {"0", "0g", " 0"}) BOOST_TEST(!crypto::bytes_of_hex(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(base62_numbers_read_back_and_do_not_overflow) {
    BOOST_TEST(crypto::base62_of_number(0xffffffffU, 6) == "4gfFC3");
    BOOST_TEST(crypto::number_of_base62("4gfFC3").value() == 0xffffffffU);
    BOOST_TEST(crypto::number_of_base62("LygHa16AHYF").value() == 0xffffffffffffffffU);
    BOOST_TEST(!crypto::number_of_base62("LygHa16AHYG").has_value());
    BOOST_TEST(!crypto::number_of_base62("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(aead)

BOOST_AUTO_TEST_CASE(opens_a_published_ciphertext) {
    // McGrew and Viega, GCM specification, test case 16 (AES-256 with additional data).
    const auto key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    const auto sealed =
        hex("cafebabefacedbaddecaf888"
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            "c5f61e6393ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
    const auto plain = crypto::aead_open(key, sealed, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
    BOOST_REQUIRE(plain.has_value());
    BOOST_TEST(
        crypto::hex_of(plain->reveal()) ==
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        "b16aedf5aa0de657ba637b39");
}

BOOST_AUTO_TEST_CASE(refuses_every_changed_bit_and_other_additional_data) {
    const auto key = crypto::random_bytes(32);
    const auto sealed = crypto::aead_seal(key, "plain", "about");
    BOOST_TEST(crypto::aead_open(key, sealed, "about")->reveal() == "plain");
    BOOST_TEST(!crypto::aead_open(key, sealed, "abouT").has_value());
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        BOOST_TEST(!crypto::aead_open(key, changed, "about").has_value());
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        BOOST_TEST(!crypto::aead_open(key, sealed.substr(0, size), "about").has_value());
}

BOOST_AUTO_TEST_CASE(never_seals_the_same_way_twice) {
    const auto key = crypto::random_bytes(32);
    BOOST_TEST(crypto::aead_seal(key, "", "") != crypto::aead_seal(key, "", ""));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(x25519)

BOOST_AUTO_TEST_CASE(agrees_as_in_rfc_7748_section_6_1) {
    const auto alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const auto bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    BOOST_TEST(crypto::hex_of(crypto::x25519_public_key(alice)) ==
               "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    const auto shared = crypto::x25519_agree(alice, crypto::x25519_public_key(bob));
    BOOST_TEST(crypto::hex_of(shared->reveal()) ==
               "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

BOOST_AUTO_TEST_CASE(both_sides_of_new_keys_agree) {
    const auto alice = crypto::create_x25519_keys();
    const auto bob = crypto::create_x25519_keys();
    const auto one = crypto::x25519_agree(alice.private_key.reveal(), bob.public_key);
    const auto other = crypto::x25519_agree(bob.private_key.reveal(), alice.public_key);
    BOOST_TEST(one->reveal() == other->reveal());
}

BOOST_AUTO_TEST_CASE(refuses_points_of_small_order) {
    const auto mine = crypto::create_x25519_keys();
    BOOST_TEST(!crypto::x25519_agree(mine.private_key.reveal(), std::string(32, '\0')).has_value());
    BOOST_TEST(!crypto::x25519_agree(mine.private_key.reveal(), "short").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(key_file, Folder)

BOOST_AUTO_TEST_CASE(what_was_created_can_be_read_and_is_never_overwritten) {
    crypto::create_key_file(key());
    const auto keys = crypto::read_key_file(key());
    BOOST_TEST(keys.size() == 1U);
    BOOST_TEST(keys.front().reveal().size() == 32U);
    BOOST_CHECK_THROW(crypto::create_key_file(key()), base::Error);
    BOOST_TEST(crypto::read_key_file(key()).front().reveal() == keys.front().reveal());
}

BOOST_AUTO_TEST_CASE(is_refused_when_group_or_others_may_read_it) {
    const auto text = crypto::base64_of(crypto::random_bytes(32));
    for (const mode_t mode : {0640, 0604, 0660, 0601}) {
        write(text, mode);
        BOOST_TEST(is_refused(key()), mode);
    }
    write(text, 0400);
    BOOST_TEST(!is_refused(key()));
}

BOOST_AUTO_TEST_CASE(is_refused_when_it_is_a_link_a_folder_absent_or_no_key) {
    BOOST_TEST(is_refused(path / "absent"));
    BOOST_TEST(is_refused(path));
    write(crypto::base64_of(crypto::random_bytes(32)));
    std::filesystem::create_symlink(key(), path / "link");
    BOOST_TEST(is_refused(path / "link"));
    for (const auto* text : {"", "\n", "c2hvcnQ=", "not base64"}) {
        write(text);
        BOOST_TEST(is_refused(key()), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sealed_token, Folder)

BOOST_AUTO_TEST_CASE(opens_only_with_its_purpose_and_context) {
    crypto::create_key_file(key());
    const crypto::TokenSealer sealer{key(), "session"};
    const auto token = sealer.seal("state", "alice");
    BOOST_TEST((sealer.open(token, "alice") == "state"));
    BOOST_TEST(!sealer.open(token, "bob").has_value());
    BOOST_TEST((!crypto::TokenSealer{key(), "other"}.open(token, "alice")));
    BOOST_TEST((crypto::TokenSealer{key(), "session"}.open(token, "alice") == "state"));
}

BOOST_AUTO_TEST_CASE(refuses_anything_that_is_no_token) {
    crypto::create_key_file(key());
    const crypto::TokenSealer sealer{key(), "session"};
    auto token = sealer.seal("state", "alice");
    for (const auto* text : {"", "x", "AQ", "AQAAAAA", "!!"})
        BOOST_TEST(!sealer.open(text, "alice").has_value(), text);
    token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
    BOOST_TEST(!sealer.open(token, "alice").has_value());
}

BOOST_AUTO_TEST_CASE(opens_tokens_of_the_key_before_and_seals_with_the_newest) {
    const auto older = crypto::base64_of(crypto::random_bytes(32));
    const auto newer = crypto::base64_of(crypto::random_bytes(32));
    write(older + '\n');
    const auto token = crypto::TokenSealer{key(), "session"}.seal("state", "");
    write(newer + '\n' + older + '\n');
    const crypto::TokenSealer both{key(), "session"};
    BOOST_TEST((both.open(token, "") == "state"));
    write(newer + '\n');
    const crypto::TokenSealer newest{key(), "session"};
    BOOST_TEST(!newest.open(token, "").has_value());
    BOOST_TEST((newest.open(both.seal("next", ""), "") == "next"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(random_base62_uses_its_digits_only) {
    const auto secret = crypto::random_base62(1000);
    BOOST_TEST(secret.reveal().size() == 1000U);
    BOOST_TEST(secret.reveal().find_first_not_of(crypto::base62_digits) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(comparison_sees_content_and_length) {
    BOOST_TEST(crypto::equal_in_constant_time("same", "same"));
    BOOST_TEST(!crypto::equal_in_constant_time("same", "samE"));
    BOOST_TEST(!crypto::equal_in_constant_time("same", "sam"));
}
