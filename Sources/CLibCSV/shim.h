#include <csv.h>

#include "quoting.h"
