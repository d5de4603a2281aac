#pragma once
// Errors that are given in several places and are worded once, here. Values; any thread.

#include <stop_token>
#include <string>

#include "models/base/result.h"

namespace ponder {

// What somebody had stopped; no failure, and shown as none.
inline Error stopped() { return {ErrorCode::Cancelled, "Stopped before it was done."}; }

inline Result<void> unlessStopped(const std::stop_token& stop) {
    if (stop.stop_requested()) return stopped();
    return {};
}

// What only a mistake of our own brings about, where ending the program would lose more than it tells. `cause`: with its
// numbers, without a full stop.
inline Error ownMistake(const std::string& cause) {
    return {ErrorCode::Internal,
            cause + ": this is a mistake in Ponder, report it with the names of model and device."};
}

} // namespace ponder
