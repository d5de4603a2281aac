// bench_attention: microseconds of attention on the chosen device, in the shape of the 7B distill: decoding
// at depths of 512 and 16,384 tokens (GB/s of cache read), prefill of 512 and 4,096 (TFLOP/s, causal), the
// rotary step and the elementwise kernels. Every layer has a cache of its own, so that nothing comes from the
// device's caches; the median of several submissions.
//   bench_attention [vulkan:N]

#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "inference/kernels/attention.h"
#include "shaders/shared/step_params.h"

namespace {

using namespace ponder;
using vulkan::Buffer;
using vulkan::BufferView;
using vulkan::CommandRecorder;
using vulkan::MemoryUse;

constexpr uint32_t kDepth = 16384;

class Bench {
public:
    Bench(vulkan::Context& context, vulkan::KernelRegistry& registry, uint32_t n_layers)
        : m_context(context),
          m_registry(registry), m_shape{
                                    .n_heads = 28, .n_kv_heads = 4, .head_dim = 128, .n_layers = n_layers} {}

    Result<void> run(uint32_t maxPrompt) {
        ASSIGN_OR_RETURN(const auto attention,
                         kernels::Attention::create(m_context, m_registry, m_shape, maxPrompt, kDepth));
        ASSIGN_OR_RETURN(const auto elementwise, kernels::Elementwise::create(m_context, m_registry));
        fmt::print("{}, {} layers\n{}\n", m_context.caps().name, m_shape.n_layers, attention->describe());
        const uint64_t rowBytes = uint64_t{m_shape.n_heads} * m_shape.head_dim * sizeof(float);
        const uint32_t blocks = kDepth / PONDER_KV_BLOCK;
        ASSIGN_OR_RETURN(const Buffer cache, zeroed(blocks * m_shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer table,
                         Buffer::create(m_context, blocks * sizeof(uint64_t), MemoryUse::Upload, "table"));
        for (uint32_t block = 0; block < blocks; ++block)
            reinterpret_cast<uint64_t*>(table.mapped().data())[block] =
                cache.address() + block * m_shape.kvBlockBytes();
        ASSIGN_OR_RETURN(const Buffer params,
                         Buffer::create(m_context, sizeof(shared::StepParams), MemoryUse::Upload, "params"));
        ASSIGN_OR_RETURN(const Buffer q, zeroed(rowBytes * maxPrompt));
        ASSIGN_OR_RETURN(const Buffer out, zeroed(rowBytes * maxPrompt));
        const kernels::SequenceView sequence{params.view(), table.view()};

        const auto timeAttention = [&](uint32_t n, uint32_t position) -> Result<double> {
            *reinterpret_cast<shared::StepParams*>(params.mapped().data()) = {position, n, position + n, 0};
            return medianMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
                for (uint32_t layer = 0; layer < m_shape.n_layers; ++layer) {
                    RETURN_IF_ERROR(attention->record(recorder, sequence, layer, q.view(), out.view(), n));
                    recorder.barrier("bench: one after the other");
                }
                return {};
            });
        };
        for (const uint32_t depth : {1u, 512u, 4096u, kDepth}) {
            ASSIGN_OR_RETURN(const double us, timeAttention(1, depth - 1));
            const double bytes = 2.0 * depth * m_shape.n_kv_heads * m_shape.head_dim * 2;
            fmt::print("decode at {:5}: {:8.2f} us a layer, {:7.1f} GB/s\n", depth, us, bytes / us / 1e3);
        }
        for (const uint32_t n : {8u, 512u, 2048u, 4096u}) {
            for (const uint32_t position : {0u, kDepth - 4096}) {
                if (n > maxPrompt) continue;
                ASSIGN_OR_RETURN(const double us, timeAttention(n, position));
                const double pairs = n * (position + (n + 1) / 2.0);
                fmt::print("prefill of {:4} at {:5}: {:9.2f} us a layer, {:6.1f} TFLOP/s\n", n, position, us,
                           4 * pairs * m_shape.n_heads * m_shape.head_dim / us / 1e6);
            }
        }
        for (const uint32_t n : {1u, std::min(512u, maxPrompt)}) {
            *reinterpret_cast<shared::StepParams*>(params.mapped().data()) = {0, n, n, 0};
            ASSIGN_OR_RETURN(const double rope,
                             medianMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
                                 for (uint32_t layer = 0; layer < m_shape.n_layers;
                                      ++layer) { // any data will do for the table, k and v
                                     RETURN_IF_ERROR(attention->recordRopeAndStore(
                                         recorder, sequence, layer, q.view(), out.view(), out.view(),
                                         cache.address(), m_shape.head_dim, models::RopePairs::Halves, n));
                                     recorder.barrier("bench: one after the other");
                                 }
                                 return {};
                             }));
            ASSIGN_OR_RETURN(const double norm,
                             medianMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
                                 for (uint32_t layer = 0; layer < m_shape.n_layers; ++layer) {
                                     RETURN_IF_ERROR(elementwise->recordRmsNorm(
                                         recorder, q.view(), cache.address(), out.view(), 3584, n, 1e-6f));
                                     recorder.barrier("bench: one after the other");
                                 }
                                 return {};
                             }));
            fmt::print("n {:3}: rope_store {:7.2f} us, rms_norm of 3584 {:7.2f} us\n", n, rope, norm);
        }
        return {};
    }

private:
    Result<Buffer> zeroed(uint64_t sizeBytes) {
        ASSIGN_OR_RETURN(Buffer buffer, Buffer::create(m_context, sizeBytes, MemoryUse::DeviceLocal, "bench"));
        ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "bench zero"));
        RETURN_IF_ERROR(recorder.begin());
        recorder.fill(buffer.view(), 0);
        recorder.barrier("bench: zeroed");
        RETURN_IF_ERROR(recorder.end());
        ASSIGN_OR_RETURN(const uint64_t value, m_context.submit({recorder.handle()}));
        RETURN_IF_ERROR(m_context.wait(value));
        return buffer;
    }

    // Of one layer. The first submissions bring the clock up and are not counted.
    Result<double> medianMicroseconds(const std::function<Result<void>(CommandRecorder&)>& record) {
        ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "bench", true));
        RETURN_IF_ERROR(recorder.begin());
        recorder.mark("begin");
        RETURN_IF_ERROR(record(recorder));
        recorder.mark("end");
        RETURN_IF_ERROR(recorder.end());
        const uint32_t warmUp = m_context.caps().software ? 1 : 10,
                       counted = m_context.caps().software ? 3 : 15;
        std::vector<double> times;
        for (uint32_t i = 0; i < warmUp + counted; ++i) {
            ASSIGN_OR_RETURN(const uint64_t value, m_context.submit({recorder.handle()}));
            RETURN_IF_ERROR(m_context.wait(value));
            ASSIGN_OR_RETURN(const auto stages, recorder.timestamps());
            double all = 0;
            for (const auto& stage : stages) all += stage.microseconds;
            if (i >= warmUp) times.push_back(all / m_shape.n_layers);
        }
        std::nth_element(times.begin(), times.begin() + static_cast<ptrdiff_t>(times.size() / 2), times.end());
        return times[times.size() / 2];
    }

    vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    kernels::LayerShape m_shape;
};

Result<void> bench(const std::string& device) {
    ASSIGN_OR_RETURN(const auto context, vulkan::Context::create({.device = device}));
    ASSIGN_OR_RETURN(const auto registry, vulkan::KernelRegistry::create(*context, ""));
    const bool software = context->caps().software;
    return Bench(*context, *registry, software ? 1 : 28).run(software ? 64 : 4096);
}

} // namespace

int main(int count, char** arguments) {
    const auto result = bench(count > 1 ? arguments[1] : "");
    if (!result.ok()) std::fprintf(stderr, "bench_attention: %s\n", result.error().message.c_str());
    return result.ok() ? 0 : 1;
}
