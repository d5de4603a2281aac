#pragma once
// A model on a Vulkan device. Owns all of it: context, kernels, weights, cache, decoder, and the host's side of a shared
// model. Belongs to the engine's thread. device.h says what a device is.

#include "inference/decoder.h"
#include "inference/device.h"
#include "inference/kv_cache.h"
#include "inference/vulkan/context.h"
#include "inference/weights.h"

namespace ponder::inference {

class VulkanDevice final : public Device {
public:
    static Result<std::unique_ptr<Device>> open(const std::string& name); // empty: the best

    const vulkan::DeviceCaps& caps() const override { return m_context->caps(); }
    Result<void> load(const LoadTask& task) override;
    Forward& forward() override { return *m_decoder; }
    CacheMemory& cache() override { return *m_cache; }
    Result<void> checkAlive() const override;
    std::string profile() const override;

private:
    VulkanDevice() = default;
    Result<void> loadHostSide(const LoadTask& task);
    Result<void> makeCache(const LoadTask& task);

    double m_pipelineSeconds = 0;
    // In the order in which they depend on each other.
    std::unique_ptr<vulkan::Context> m_context;
    std::unique_ptr<vulkan::KernelRegistry> m_registry;
    std::unique_ptr<Weights> m_weights;
    std::unique_ptr<HostSide> m_host; // null: the device has all of the model
    std::unique_ptr<CacheMemory> m_cache;
    std::unique_ptr<Decoder> m_decoder;
};

} // namespace ponder::inference
