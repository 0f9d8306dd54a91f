#pragma once

namespace fastcgi {

/// What every handler gives up before it reads its configuration: core dumps, being traced, permissive
/// file modes, proxy variables, the network (unless it needs one) and gaining privileges by exec.
/// Must be called while the process has one thread. Throws base::Error when a step fails.
void confine(bool needs_network);

}  // namespace fastcgi
