#pragma once
// Host side of what surrounds a mixture of experts' products: the choice of experts a token from float32 logits, exactly as
// DeepSeek's own code defines it, the pairs sorted by expert, and the weighted sum of what the experts made. Belongs to the
// engine's thread.

#include <cstdint>
#include <memory>

#include "inference/kernels/expert_matmul.h"
#include "models/hyperparams.h"

namespace ponder::kernels {

struct RouterShape {
    uint32_t n_experts = 0, n_used = 0;
    uint32_t groups = 1, groupsUsed = 1;
    bool sigmoid =
        false; // V3: sigmoid scores, a group counts by its two greatest; else softmax and the greatest
    bool normalise = false; // weights of a token sum to `scale`
    float scale = 1;
};
RouterShape routerShape(const models::Hyperparams& p);

class Router {
public:
    // Of the pairs: all, or those of experts that the device holds, others being computed elsewhere.
    enum class Pairs { All, Held };

    // shared: with room for Pairs::Held. Errors: UnsupportedArchitecture for more experts than the kernels take (1,024).
    static Result<std::unique_ptr<Router>> create(const vulkan::Context& context,
                                                  vulkan::KernelRegistry& registry, const RouterShape& shape,
                                                  uint32_t maxTokens, bool shared = false);
    virtual ~Router() = default;

    // logits: float [n][n_experts]; bias: device address of float [n_experts], or 0. Result: choice().chosen, weights().
    virtual Result<void> record(vulkan::CommandRecorder& recorder, const vulkan::BufferView& logits,
                                uint64_t bias, uint32_t n) = 0;
    // choice(Held).chosen, from choice(All).chosen: those that have an address in a tensor's table. Of a single token also as many
    // of the others as `taken` says (LinkShare::packed), as n_experts + expert.
    virtual Result<void> recordSplit(vulkan::CommandRecorder& recorder, const ExpertWeight& tensor,
                                     uint32_t n, uint64_t taken = 0) = 0;
    // choice().sorted, from choice().chosen.
    virtual Result<void> recordSort(vulkan::CommandRecorder& recorder, uint32_t n,
                                    Pairs pairs = Pairs::All) = 0;
    // x[n][columns] += the weighted sum of results[n][n_used][columns].
    virtual Result<void> recordCombine(vulkan::CommandRecorder& recorder, const vulkan::BufferView& results,
                                       const vulkan::BufferView& x, uint32_t columns, uint32_t n,
                                       Pairs pairs = Pairs::All) = 0;
    // x[n][columns] += sums[n][columns], made elsewhere. Shared routers only.
    virtual Result<void> recordAdd(vulkan::CommandRecorder& recorder, const vulkan::BufferView& sums,
                                   const vulkan::BufferView& x, uint32_t columns, uint32_t n) = 0;
    virtual const ExpertChoice& choice(Pairs pairs = Pairs::All) const = 0;
    virtual vulkan::BufferView weights() const = 0; // float [n][n_used]
};

} // namespace ponder::kernels
