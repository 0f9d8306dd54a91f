#include "account_pages/qr_code.hpp"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace account_pages {
namespace {

constexpr int quiet_zone = 4;

}  // namespace

QrCode qr_code_of(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free};
    if (!code) throw std::runtime_error{"libqrencode makes no code"};
    QrCode drawn{.size = code->width + 2 * quiet_zone, .path = {}};
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            if (code->data[y * code->width + x] & 1)
                drawn.path +=
                    'M' + std::to_string(x + quiet_zone) + ' ' + std::to_string(y + quiet_zone) + "h1v1h-1z";
    return drawn;
}

}  // namespace account_pages
