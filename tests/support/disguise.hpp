#pragma once

#include <functional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// A way in which an upstream may write a secret.
struct Disguise {
    std::string name;
    std::function<std::string(std::string_view secret, std::mt19937& random)> apply;
};
std::ostream& operator<<(std::ostream& stream, const Disguise& disguise);

std::vector<Disguise> disguises();

/// 8 to 80 characters as credentials have them, printable in every disguise.
std::string random_secret(std::mt19937& random);
/// Up to 300 characters of prose, markup, escapes and base64.
std::string random_text(std::mt19937& random);

/// Whether someone who decodes the text in every usual way finds the secret. Written without the code under
/// test: decodes instead of encoding.
bool holds(std::string_view text, std::string_view secret);

}  // namespace test
