#define _GNU_SOURCE
#include "CSpawn.h"

#include <spawn.h>

// In C because Swift does not import the function: it is a GNU extension.

int waybill_spawn_close_from(void *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
