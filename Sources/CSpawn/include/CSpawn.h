#pragma once

/// The program that is started inherits no descriptor from `from` on. Descriptors that are not closed on `exec` would stay open in it:
/// sockets of the network library, for one.
///
/// `actions` is a `posix_spawn_file_actions_t`; with that type, this header would have to bring its own of the system's. Returns 0 or
/// an error number.
int waybill_spawn_close_from(void *actions, int from);
