#pragma once
// A compute pipeline with its layout, and the registry that makes each on first use and keeps a cache of them on disk.
// Bindings 0..n-1 of set 0 are storage buffers; number of bindings and size of the push constants are reflected from the
// SPIR-V. The registry belongs to the engine's thread; threads that compile for it live no longer than the call that wants them.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/vulkan/context.h"

namespace ponder::vulkan {

// (id, 32-bit value) each, ids from shaders/shared/spec_ids.h
using SpecConstants = std::vector<std::pair<uint32_t, uint32_t>>;

struct Kernel {
    std::string name;
    VkPipeline pipeline = VK_NULL_HANDLE; // null during compileTogether() until its end
    VkPipelineLayout layout = VK_NULL_HANDLE;
    VkDescriptorSetLayout setLayout = VK_NULL_HANDLE;
    uint32_t bindings = 0;
    uint32_t pushBytes = 0;
};

class KernelRegistry {
public:
    // cacheFolder: where the pipeline cache file is kept (one a device and driver); empty: none.
    static Result<std::unique_ptr<KernelRegistry>> create(const Context& context, std::string cacheFolder);
    ~KernelRegistry(); // writes the cache if it grew

    // subgroupSize: 0 leaves it to the driver, else required by subgroup size control. The pointer stays valid.
    Result<const Kernel*> get(std::string_view shader, const SpecConstants& constants = {},
                              uint32_t subgroupSize = 0);
    // Compiles all that `ask` asks for with get() at the same time, on as many threads as there are cores. Until it returns these
    // kernels cannot run: what `ask` records with them, dispatches left out, must be recorded again and not be submitted. The
    // error of `ask`, else the first of a compilation.
    Result<void> compileTogether(const std::function<Result<void>()>& ask);
    std::vector<std::string> created() const; // names in order of creation, for `logits` and diagnostics
    Result<void> saveCache();

private:
    struct Data;
    explicit KernelRegistry(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::vulkan
