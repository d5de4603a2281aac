// bench_attention: microseconds of attention on the chosen device, in the shape of the 7B distill: decoding
// at depths up to 16,384 tokens (GB/s of cache read), prefill of 512 and 4,096 (TFLOP/s, causal), the
// rotary step and the elementwise kernels, over a cache of 16 bits and of 8; latent attention in the shape of R1: decoding
// at depths up to 32,768, many tokens absorbed and expanded, unpacking and expansion included (TFLOP/s of what either form
// multiplies for scores and values; PONDER_NO_COOPMAT=1 for the plain kernels).
// Every layer has a cache of its own, so that nothing comes from the device's caches; the median of several
// submissions. All values are zero.
//   bench_attention [vulkan:N]

#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "inference/kernels/attention.h"
#include "inference/kernels/expanded_attention.h"
#include "inference/kernels/latent_attention.h"
#include "shaders/shared/step_params.h"

namespace {

using namespace ponder;
using vulkan::Buffer;
using vulkan::BufferView;
using vulkan::CommandRecorder;
using vulkan::MemoryUse;

constexpr uint32_t kDepth = 16384;

class Measuring {
protected:
    explicit Measuring(vulkan::Context& context) : m_context(context) {}

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

    // The first submissions bring the clock up and are not counted.
    Result<double> medianMicroseconds(const std::function<Result<void>(CommandRecorder&)>& record,
                                      uint32_t warmUp, uint32_t counted) {
        ASSIGN_OR_RETURN(auto recorder, CommandRecorder::create(m_context, "bench", true));
        RETURN_IF_ERROR(recorder.begin());
        recorder.mark("begin");
        RETURN_IF_ERROR(record(recorder));
        recorder.mark("end");
        RETURN_IF_ERROR(recorder.end());
        std::vector<double> times;
        for (uint32_t i = 0; i < warmUp + counted; ++i) {
            ASSIGN_OR_RETURN(const uint64_t value, m_context.submit({recorder.handle()}));
            RETURN_IF_ERROR(m_context.wait(value));
            ASSIGN_OR_RETURN(const auto stages, recorder.timestamps());
            double all = 0;
            for (const auto& stage : stages) all += stage.microseconds;
            if (i >= warmUp) times.push_back(all);
        }
        std::nth_element(times.begin(), times.begin() + static_cast<ptrdiff_t>(times.size() / 2), times.end());
        return times[times.size() / 2];
    }

    // Tables of a sequence's blocks, one behind the other in a cache.
    Result<Buffer> blockTable(const Buffer& cache, uint32_t blocks, uint64_t blockBytes) {
        ASSIGN_OR_RETURN(Buffer table,
                         Buffer::create(m_context, blocks * sizeof(uint64_t), MemoryUse::Upload, "table"));
        for (uint32_t block = 0; block < blocks; ++block)
            reinterpret_cast<uint64_t*>(table.mapped().data())[block] = cache.address() + block * blockBytes;
        return table;
    }

    vulkan::Context& m_context;
};

class Bench : Measuring {
public:
    Bench(vulkan::Context& context, vulkan::KernelRegistry& registry, uint32_t n_layers,
          inference::CacheFormat cache)
        : Measuring(context), m_registry(registry), m_shape{.n_heads = 28,
                                                            .n_kv_heads = 4,
                                                            .head_dim = 128,
                                                            .n_layers = n_layers,
                                                            .cache = cache} {}

    Result<void> run(uint32_t maxPrompt) {
        ASSIGN_OR_RETURN(const auto attention,
                         kernels::Attention::create(m_context, m_registry, m_shape, maxPrompt, kDepth));
        ASSIGN_OR_RETURN(const auto elementwise, kernels::Elementwise::create(m_context, m_registry));
        fmt::print("{}, {} layers, cache of {} bits\n{}\n", m_context.caps().name, m_shape.n_layers,
                   m_shape.cache == inference::CacheFormat::Q8 ? 8 : 16, attention->describe());
        const uint64_t rowBytes = uint64_t{m_shape.n_heads} * m_shape.head_dim * sizeof(float);
        const uint32_t blocks = kDepth / PONDER_KV_BLOCK;
        ASSIGN_OR_RETURN(const Buffer cache, zeroed(blocks * m_shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer table, blockTable(cache, blocks, m_shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer params,
                         Buffer::create(m_context, sizeof(shared::StepParams), MemoryUse::Upload, "params"));
        ASSIGN_OR_RETURN(const Buffer q, zeroed(rowBytes * maxPrompt));
        ASSIGN_OR_RETURN(const Buffer out, zeroed(rowBytes * maxPrompt));
        const kernels::SequenceView sequence{params.view(), table.view()};

        const kernels::AttentionInputs inputs{.q = q.view(), // any data will do for the table, k and v
                                              .k = out.view(),
                                              .v = out.view(),
                                              .ropeTable = cache.address(),
                                              .rope_dim = m_shape.head_dim};
        const auto timeAttention = [&](uint32_t n, uint32_t position) -> Result<double> {
            *reinterpret_cast<shared::StepParams*>(params.mapped().data()) = {position, n, position + n, 0};
            return layerMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
                for (uint32_t layer = 0; layer < m_shape.n_layers; ++layer) {
                    const kernels::AttentionToken token{
                        .sequence = sequence, .inputs = inputs, .out = out.view(), .rounded = {}};
                    if (n == 1)
                        RETURN_IF_ERROR(attention->recordTokens(recorder, layer, {&token, 1}));
                    else
                        RETURN_IF_ERROR(attention->record(recorder, sequence, layer, q.view(), out.view(), n));
                    recorder.barrier("bench: one after the other");
                }
                return {};
            });
        };
        for (const uint32_t depth : {1u, 512u, 4096u, kDepth}) {
            ASSIGN_OR_RETURN(const double us, timeAttention(1, depth - 1));
            const double bytes = 2.0 * depth * static_cast<double>(m_shape.kvRow().bytes());
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
            ASSIGN_OR_RETURN(
                const double rope, layerMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
                    for (uint32_t layer = 0; layer < m_shape.n_layers; ++layer) {
                        RETURN_IF_ERROR(attention->recordRopeAndStore(recorder, sequence, layer, inputs, n));
                        recorder.barrier("bench: one after the other");
                    }
                    return {};
                }));
            ASSIGN_OR_RETURN(const double norm,
                             layerMicroseconds([&](CommandRecorder& recorder) -> Result<void> {
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
    // Of one layer.
    Result<double> layerMicroseconds(const std::function<Result<void>(CommandRecorder&)>& record) {
        const bool software = m_context.caps().software;
        ASSIGN_OR_RETURN(const double us, medianMicroseconds(record, software ? 1 : 10, software ? 3 : 15));
        return us / m_shape.n_layers;
    }

    vulkan::KernelRegistry& m_registry;
    kernels::LayerShape m_shape;
};

class LatentBench : Measuring {
public:
    LatentBench(vulkan::Context& context, vulkan::KernelRegistry& registry)
        : Measuring(context), m_registry(registry) {}

    Result<void> decode(uint32_t depth, uint32_t layers) {
        kernels::LayerShape shape = kShape;
        shape.n_layers = layers;
        ASSIGN_OR_RETURN(const auto attention,
                         kernels::LatentAttention::create(m_context, m_registry, shape, depth));
        fmt::print("R1, {}\n", attention->describe());
        const uint32_t blocks = (depth + PONDER_KV_BLOCK - 1) / PONDER_KV_BLOCK;
        ASSIGN_OR_RETURN(const Buffer cache, zeroed(blocks * shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer table, blockTable(cache, blocks, shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer params,
                         Buffer::create(m_context, sizeof(shared::StepParams), MemoryUse::Upload, "params"));
        constexpr uint32_t most = 16; // tokens
        const uint64_t heads = uint64_t{most} * shape.n_heads * sizeof(float);
        ASSIGN_OR_RETURN(const Buffer q, zeroed(heads * shape.planeValues()));
        ASSIGN_OR_RETURN(const Buffer out, zeroed(heads * shape.kv_lora_rank));
        for (const uint32_t n : {1u, 4u, most}) {
            for (const uint32_t length : {16u, 512u, 2048u, 8192u, 32768u}) {
                if (length > depth) continue;
                *reinterpret_cast<shared::StepParams*>(params.mapped().data()) = {length - n, n, length, 0};
                ASSIGN_OR_RETURN(const double all, medianMicroseconds(
                                                       [&](CommandRecorder& recorder) -> Result<void> {
                                                           for (uint32_t layer = 0; layer < layers; ++layer) {
                                                               RETURN_IF_ERROR(attention->record(
                                                                   recorder, {params.view(), table.view()},
                                                                   layer, q.view(), out.view(), 0.135f, n));
                                                               recorder.barrier("bench: one after the other");
                                                           }
                                                           return {};
                                                       },
                                                       3, 9));
                const double us = all / layers;
                const double operations =
                    2.0 * n * length * shape.n_heads * (shape.planeValues() + shape.kv_lora_rank);
                fmt::print("latent of {:2} at {:5}: {:8.2f} us a layer, {:7.1f} GB/s, {:6.1f} TFLOP/s\n", n,
                           length, us, 2.0 * length * shape.planeValues() / us / 1e3, operations / us / 1e6);
            }
        }
        return {};
    }

    Result<void> run(uint32_t maxPrompt, uint32_t depth) {
        constexpr uint32_t value = 128, nope = 128;
        const kernels::LayerShape& shape = kShape;
        const uint32_t context = maxPrompt + depth, blocks = context / PONDER_KV_BLOCK + 1;
        ASSIGN_OR_RETURN(const auto absorbed,
                         kernels::LatentAttention::create(m_context, m_registry, shape, context));
        ASSIGN_OR_RETURN(const auto expanded, kernels::ExpandedAttention::create(m_context, m_registry, shape,
                                                                                 value, maxPrompt, context));
        fmt::print("R1, {}{}{}\n", absorbed->describe(), expanded ? ", " : "",
                   expanded ? expanded->describe() : "");
        const uint64_t heads = uint64_t{maxPrompt} * shape.n_heads * sizeof(float);
        ASSIGN_OR_RETURN(const Buffer cache, zeroed(blocks * shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer table, blockTable(cache, blocks, shape.kvBlockBytes()));
        ASSIGN_OR_RETURN(const Buffer params,
                         Buffer::create(m_context, sizeof(shared::StepParams), MemoryUse::Upload, "params"));
        ASSIGN_OR_RETURN(const Buffer q, zeroed(heads * shape.head_dim));
        ASSIGN_OR_RETURN(const Buffer latentQ, zeroed(heads * shape.planeValues()));
        ASSIGN_OR_RETURN(const Buffer out, zeroed(heads * value));
        ASSIGN_OR_RETURN(const Buffer work, zeroed(std::max(heads * shape.kv_lora_rank,
                                                            expanded ? expanded->scratchBytes() : 0)));
        // attn_k_b and attn_v_b, as f16.
        const uint64_t headBytes = uint64_t{nope} * shape.kv_lora_rank * 2;
        ASSIGN_OR_RETURN(const Buffer matrices, zeroed(shape.n_heads * headBytes));
        ASSIGN_OR_RETURN(const Buffer addresses, blockTable(matrices, shape.n_heads, headBytes));
        const kernels::ExpertWeight keys{
            models::QuantType::F16, shape.n_heads, shape.kv_lora_rank, nope, nope * 2, addresses.address()};
        const kernels::ExpertWeight values{
            models::QuantType::F16, shape.n_heads,           value,
            shape.kv_lora_rank,     shape.kv_lora_rank * 2u, addresses.address()};
        const kernels::SequenceView sequence{params.view(), table.view()};
        const kernels::ExpandedAttention::Args args{.keys = &keys,
                                                    .values = &values,
                                                    .keysTransposed = true,
                                                    .q = q.view(),
                                                    .rotated = latentQ.view(),
                                                    .out = out.view(),
                                                    .scratch = work.view(),
                                                    .scale = 0.135f};
        for (const uint32_t n : {32u, 64u, 128u, 512u, 2048u, 4096u}) {
            for (const uint32_t position : {0u, depth}) {
                if (n > maxPrompt) continue;
                *reinterpret_cast<shared::StepParams*>(params.mapped().data()) = {position, n, position + n,
                                                                                  0};
                const double pairs = shape.n_heads * n * (position + (n + 1) / 2.0);
                const auto print = [&](const char* form, double us, uint32_t operations) {
                    fmt::print("{} prefill of {:4} at {:5}: {:9.2f} us a layer, {:6.1f} TFLOP/s\n", form, n,
                               position, us, pairs * operations / us / 1e6);
                };
                ASSIGN_OR_RETURN(const double slow,
                                 medianMicroseconds(
                                     [&](CommandRecorder& recorder) {
                                         return absorbed->record(recorder, sequence, 0, latentQ.view(),
                                                                 work.view(), args.scale, n);
                                     },
                                     1, 3));
                print("absorbed", slow, 2 * (shape.planeValues() + shape.kv_lora_rank));
                if (!expanded || !expanded->takes(n)) continue;
                ASSIGN_OR_RETURN(const double us,
                                 medianMicroseconds(
                                     [&](CommandRecorder& recorder) -> Result<void> {
                                         RETURN_IF_ERROR(expanded->recordUnpack(recorder, args));
                                         recorder.barrier("bench: unpacked");
                                         return expanded->record(recorder, sequence, 0, args, n);
                                     },
                                     5, 9));
                print("expanded", us, 2 * (shape.head_dim + value));
            }
        }
        return {};
    }

private:
    static constexpr kernels::LayerShape kShape{
        .n_heads = 128, .n_kv_heads = 1, .head_dim = 192, .n_layers = 1, .kv_lora_rank = 512, .rope_dim = 64};
    vulkan::KernelRegistry& m_registry;
};

Result<void> bench(const std::string& device) {
    ASSIGN_OR_RETURN(const auto context, vulkan::Context::create({.device = device}));
    ASSIGN_OR_RETURN(const auto registry, vulkan::KernelRegistry::create(*context, ""));
    const bool software = context->caps().software;
    RETURN_IF_ERROR(LatentBench(*context, *registry).decode(software ? 512 : 32768, software ? 1 : 16));
    RETURN_IF_ERROR(LatentBench(*context, *registry).run(software ? 32 : 4096, software ? 32 : 8192));
    for (const auto cache : {inference::CacheFormat::F16, inference::CacheFormat::Q8})
        RETURN_IF_ERROR(Bench(*context, *registry, software ? 1 : 28, cache).run(software ? 64 : 4096));
    return {};
}

} // namespace

int main(int count, char** arguments) {
    const auto result = bench(count > 1 ? arguments[1] : "");
    if (!result.ok()) std::fprintf(stderr, "bench_attention: %s\n", result.error().message.c_str());
    return result.ok() ? 0 : 1;
}
