#include "mcp/stream_quota.hpp"

#include "base/error.hpp"

namespace mcp {

StreamQuota::Place::Place(StreamQuota& quota, const auth::KeyId& credential)
    : quota_{quota}, credential_{credential} {
    const std::lock_guard lock{quota_.mutex_};
    const auto own = quota_.open_.find(credential);
    if (quota_.all_ >= most_of_all || (own != quota_.open_.end() && own->second >= most_of_one_credential)) {
        throw base::Error{base::Reason::rate_limited, "too_many_streams",
                          "too many streams are open: close one first"};
    }
    ++quota_.open_[credential];
    ++quota_.all_;
}

StreamQuota::Place::~Place() {
    const std::lock_guard lock{quota_.mutex_};
    const auto own = quota_.open_.find(credential_);
    if (--own->second == 0) quota_.open_.erase(own);
    --quota_.all_;
}

}  // namespace mcp
