#pragma once

#include <string>

namespace account_pages {

/// A QR code as an SVG path: one unit a module, `size` units wide and high with the quiet zone of four.
struct QrCode {
    int size = 0;
    std::string path;
};

QrCode qr_code_of(const std::string& text);

}  // namespace account_pages
