#pragma once
// Work beside passes, in pieces so small that no pass waits for it: on the host while it would wait for the device, on the device
// while that would wait for the host. Belongs to the engine's thread.

#include "models/base/result.h"

namespace ponder::inference {

class Background {
public:
    virtual ~Background() = default;

    virtual bool hostPiece() = 0;           // some microseconds; false: nothing to do for now
    virtual Result<void> devicePiece() = 0; // submits what host pieces have made ready, if anything
};

} // namespace ponder::inference
