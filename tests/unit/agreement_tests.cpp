#define BOOST_TEST_MODULE agreement_tests
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "crypto/key_file.hpp"
#include "crypto/x25519.hpp"
#include "vault_keys/workspace_key.hpp"

namespace {

struct Fixture {
    std::filesystem::path file = "/tmp/agreement_tests." + std::to_string(::getpid());
    auth::WorkspaceId workspace = auth::WorkspaceId::create();
    base::Uuid pair = base::Uuid::create();
    crypto::KeyPair own = crypto::create_x25519_keys();
    crypto::KeyPair other = crypto::create_x25519_keys();

    Fixture() { crypto::create_key_file(file); }
    ~Fixture() { std::filesystem::remove(file); }
};

std::string agreed(const vault_keys::KeyEncryption& keys, const Fixture& at, const std::string& wrapped,
                   const std::string& public_half) {
    return std::string{keys.agree(at.workspace, at.pair, wrapped, public_half).value().reveal()};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(agreement, Fixture)

BOOST_AUTO_TEST_CASE(both_halves_agree_the_first_time_and_when_it_is_remembered) {
    const vault_keys::KeyEncryption keys{file};
    const auto wrapped = keys.wrap(workspace, pair, own.private_key);
    const std::string expected{
        crypto::x25519_agree(other.private_key.reveal(), own.public_key).value().reveal()};
    for (int i = 0; i < 3; ++i) BOOST_TEST(agreed(keys, *this, wrapped, other.public_key) == expected);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_is_found_for_nothing_else) {
    const vault_keys::KeyEncryption keys{file};
    const auto wrapped = keys.wrap(workspace, pair, own.private_key);
    const auto first = agreed(keys, *this, wrapped, other.public_key);
    BOOST_TEST(agreed(keys, *this, wrapped, crypto::create_x25519_keys().public_key) != first);
    auto changed = wrapped;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    BOOST_CHECK_THROW(keys.agree(workspace, pair, changed, other.public_key), base::Error);
    BOOST_CHECK_THROW(keys.agree(auth::WorkspaceId::create(), pair, wrapped, other.public_key), base::Error);
    BOOST_CHECK_THROW(keys.agree(workspace, base::Uuid::create(), wrapped, other.public_key), base::Error);
}

BOOST_AUTO_TEST_CASE(a_public_half_of_another_size_agrees_on_nothing) {
    const vault_keys::KeyEncryption keys{file};
    const auto wrapped = keys.wrap(workspace, pair, own.private_key);
    BOOST_TEST(!keys.agree(workspace, pair, wrapped, "short").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
