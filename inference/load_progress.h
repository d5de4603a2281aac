#pragma once
// How far the loading of a model is. Plain data; a sink is called on the thread that loads.

#include <cstdint>
#include <functional>

namespace ponder::inference {

struct LoadProgress {
    const char* stage = ""; // "reading", "preparing", "pipelines"
    uint64_t doneBytes = 0, totalBytes = 0;
};
using LoadProgressSink = std::function<void(const LoadProgress&)>;

} // namespace ponder::inference
