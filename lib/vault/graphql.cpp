#include "vault/graphql.hpp"

namespace vault {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
constexpr std::string_view others = " \t\n\r,!$&().:=@[]{|}+-";
constexpr std::string_view block_quote = "\"\"\"";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Each skips what the document begins with and tells its length; nothing when readers may disagree.
std::optional<std::size_t> comment_size(std::string_view document) {
    const auto comment = document.substr(0, document.find_first_of("\n\r"));
    for (const char c : comment) {
        if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || static_cast<unsigned char>(c) > '~')
            return std::nullopt;
    }
    return comment.size();
}

std::optional<std::size_t> block_string_size(std::string_view document) {
    const auto size = block_quote.size();
    const auto end = document.find(block_quote, size);
    if (end == npos || document.substr(size, end - size).find_first_of("\"\\") != npos) return std::nullopt;
    if (document.substr(end + size).starts_with('"')) return std::nullopt;
    return end + size;
}

std::optional<std::size_t> string_size(std::string_view document) {
    if (document.starts_with(block_quote)) return block_string_size(document);
    for (std::size_t at = 1; at < document.size(); ++at) {
        const char c = document[at];
        if (c == '"') return at + 1;
        if (c == '\n' || c == '\r') return std::nullopt;
        if (c == '\\') ++at;
    }
    return std::nullopt;
}

/// A number with letters: readers disagree about where it ends.
bool is_odd(std::string_view word) {
    return digits.find(word.front()) != npos && word.find_first_not_of(digits) != npos;
}

}  // namespace

std::optional<std::vector<std::string_view>> graphql_names(std::string_view document) {
    if (document.starts_with(byte_order_mark)) document.remove_prefix(byte_order_mark.size());
    std::vector<std::string_view> names;
    while (!document.empty()) {
        std::optional<std::size_t> size = 1;
        if (name_characters.find(document.front()) != npos) {
            const auto word = document.substr(0, document.find_first_not_of(name_characters));
            if (is_odd(word)) return std::nullopt;
            names.push_back(word);
            size = word.size();
        } else if (document.front() == '#') {
            size = comment_size(document);
        } else if (document.front() == '"') {
            size = string_size(document);
        } else if (others.find(document.front()) == npos) {
            return std::nullopt;
        }
        if (!size) return std::nullopt;
        document.remove_prefix(*size);
    }
    return names;
}

}  // namespace vault
