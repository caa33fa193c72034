#include "CPhoneTables.h"
