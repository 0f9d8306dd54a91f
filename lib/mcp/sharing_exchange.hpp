#pragma once

#include "http/exchange.hpp"

namespace mcp {

/// An exchange whose streams carry further fields: what the page of another origin may read.
class SharingExchange : public http::Exchange {
public:
    SharingExchange(http::Exchange& exchange, const http::Fields& sharing)
        : exchange_{exchange}, sharing_{sharing} {}

    http::Stream& start_stream(int status, const http::Fields& fields) override {
        auto all = fields;
        all.insert(all.end(), sharing_.begin(), sharing_.end());
        return exchange_.start_stream(status, all);
    }
    bool has_started() const noexcept override { return exchange_.has_started(); }
    void finish() override { exchange_.finish(); }
    bool is_client_gone() override { return exchange_.is_client_gone(); }
    bool is_stopping() override { return exchange_.is_stopping(); }
    int descriptor() const noexcept override { return exchange_.descriptor(); }

private:
    http::Exchange& exchange_;
    const http::Fields& sharing_;
};

}  // namespace mcp
