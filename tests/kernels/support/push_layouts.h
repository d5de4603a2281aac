#pragma once
// Where C++ puts the members of each push-constant struct, to be compared with the compiled shaders. Pure; any thread.

#include <cstddef>
#include <string_view>
#include <vector>

namespace ponder::test {

struct PushLayout {
    std::string_view prefix; // of the kernels' names
    size_t sizeBytes;
    std::vector<size_t> offsets; // in order of the members
};

// The row with the longest prefix of `kernel`; null: none.
const PushLayout* pushLayoutOf(std::string_view kernel);

} // namespace ponder::test
