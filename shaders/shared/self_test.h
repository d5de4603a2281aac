// Push constants of kernels/self_test.comp and kernels/read_address.comp.
#ifndef PONDER_SHARED_SELF_TEST_H
#define PONDER_SHARED_SELF_TEST_H
#include "shaders/shared/types.h"
PONDER_SHARED_BEGIN

struct SelfTestPush {
    uint64_t address; // device address of a uint
    uint count;
    uint reserved;
};

PONDER_SHARED_END
#endif
