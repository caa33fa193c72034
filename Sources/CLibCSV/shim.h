#include <csv.h>

#include "plain.h"
#include "quoting.h"
