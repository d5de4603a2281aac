#pragma once
// A model on the CPU: threads, weights in host memory, cache, decoder. device.h says what a device is.

#include "inference/cpu/decoder.h"
#include "inference/cpu/host_cache.h"
#include "inference/device.h"

namespace ponder::inference {

class CpuDevice final : public Device {
public:
    CpuDevice();

    const vulkan::DeviceCaps& caps() const override { return m_caps; }
    Result<void> load(const LoadTask& task) override;
    Forward& forward() override { return *m_decoder; }
    CacheMemory& cache() override { return *m_cache; }

private:
    vulkan::DeviceCaps m_caps;
    cpu::ThreadPool m_pool;
    std::unique_ptr<cpu::HostWeights> m_weights;
    std::unique_ptr<CacheMemory> m_cache;
    std::unique_ptr<cpu::Decoder> m_decoder;
};

} // namespace ponder::inference
