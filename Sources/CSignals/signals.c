#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

// In C, because a handler may run at any moment, before any other runtime is initialized, and may touch only what is ready by then.

static int ends[2] = {-1, -1};
static int code = 1;
static atomic_int first = 0;

static void note(int number) {
  int saved = errno;
  int none = 0;
  if (!atomic_compare_exchange_strong(&first, &none, number)) _exit(code);
  unsigned char byte = (unsigned char)number;
  ssize_t written = write(ends[1], &byte, 1);
  (void)written;
  errno = saved;
}

int waybill_signals_begin(int exit_code) {
  if (ends[0] >= 0) return ends[0];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  code = exit_code;
  struct sigaction ignoring = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignoring, NULL);
  struct sigaction noting = {.sa_handler = note, .sa_flags = SA_RESTART};
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (unsigned index = 0; index < sizeof numbers / sizeof *numbers; index++) {
    struct sigaction before;
    if (numbers[index] == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(numbers[index], &noting, NULL);
  }
  return ends[0];
}

int waybill_signals_first(void) { return atomic_load(&first); }
