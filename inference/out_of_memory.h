#pragma once
// What is said where the standard library has no memory for a pass or a request. Any thread.

#include "models/base/result.h"

namespace ponder::inference {

inline Error outOfHostMemory() {
    return {ErrorCode::OutOfHostMemory,
            "The computer ran out of memory: close other programs or choose a smaller model."};
}

} // namespace ponder::inference
