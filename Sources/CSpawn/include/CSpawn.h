#pragma once

/// Makes the started program inherit no descriptor numbered `from` or above. Otherwise those not marked close-on-exec, such as the
/// network library's sockets, would stay open in it.
///
/// `actions` points to a `posix_spawn_file_actions_t`; it is `void *` so that this header need not include the system's. Returns 0
/// or an error number.
int waybill_spawn_close_from(void *actions, int from);
