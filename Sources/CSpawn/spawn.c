#define _GNU_SOURCE
#include "CSpawn.h"

#include <spawn.h>

// In C, because the function is glibc's own, and Swift does not see those.

int waybill_spawn_close_from(void *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
