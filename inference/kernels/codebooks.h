#pragma once
// The codebooks of the IQ formats as kernels find them on the device: models/quant_codebooks.h, one behind the other in the
// order of shaders/shared/quant_blocks.h. Pure; any thread.

#include <cstdint>
#include <vector>

namespace ponder::kernels {

std::vector<uint32_t> codebookWords();

} // namespace ponder::kernels
