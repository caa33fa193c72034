// Counts heap allocations of the process, for benchmarks that must show zero of them.
#pragma once

#include <stdint.h>

// Calls of malloc, calloc, realloc and their aligned relatives since the process began.
uint64_t waybill_allocation_count(void);
