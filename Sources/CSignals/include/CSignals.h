#pragma once

/// Takes over SIGINT, SIGTERM and SIGHUP (unless that is ignored, as `nohup` asks for), and ignores SIGPIPE. From now on the first
/// of them is noted; the next one ends the process at once, with `exit_code`.
///
/// Returns a descriptor from which the number of the first one can be read, as a byte; -1 where there is no pipe, and then the
/// signals do what they always do. A second call changes nothing.
int waybill_signals_begin(int exit_code);

/// The number of the signal that came first; 0: none has come.
int waybill_signals_first(void);
