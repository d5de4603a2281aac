#pragma once
// What a compiled compute shader says about how it is called, read from its SPIR-V. Only the subset that glslc emits for
// our kernels is understood; the words are our own build's, so nothing here is defensive beyond staying inside the span.
// Pure; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/base/result.h"

namespace ponder::vulkan {

struct PushMember {
    uint32_t offset = 0;
    uint32_t sizeBytes = 0;
};

struct ShaderInterface {
    uint32_t bindings = 0;               // highest binding in use + 1 (set 0)
    uint32_t pushBytes = 0;              // end of the last member
    std::vector<PushMember> pushMembers; // in order; a block that only wraps one struct is looked through
    std::vector<uint32_t> specIds;       // of specialization constants, ascending
    std::vector<uint32_t> capabilities;  // numbers of SPIR-V's Capability enumeration
};

Result<ShaderInterface> reflectShader(std::span<const uint32_t> words);

} // namespace ponder::vulkan
