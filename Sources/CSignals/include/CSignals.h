#pragma once

/// Takes over SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under `nohup`), and ignores SIGPIPE. From now on the
/// first of these signals is recorded; the next one ends the process at once, with `exit_code`.
///
/// Returns a descriptor from which the number of the first signal can be read, as one byte. Returns -1 if the pipe cannot
/// be created; the signals then keep their default behavior. A second call changes nothing.
int waybill_signals_begin(int exit_code);

/// The number of the first signal received; 0 if there was none.
int waybill_signals_first(void);
