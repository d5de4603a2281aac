#include "inference/memory_plan.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

#include "inference/arena_packer.h"
#include "models/architecture.h"
#include "models/base/checked.h"
#include "models/base/text.h"
#include "models/catalog.h"

namespace ponder::inference {

using models::Hyperparams;
using models::TensorInfo;

namespace {

constexpr uint64_t kGibibyte = uint64_t{1} << 30;
constexpr uint64_t kFixedScratchBytes = uint64_t{96}
                                        << 20; // pipelines, tables, sampling state, the driver's own

bool isExpertTensor(const TensorInfo& tensor, const Hyperparams& p) {
    return p.isMoe() && tensor.n_dims == 3 && tensor.shape[2] == p.n_experts &&
           tensor.name.find("_exps.") != std::string::npos;
}

// Rows that kernels find by one address: an expert's, or a head's of attn_kv_b (its keys, then its values).
uint64_t rowsTogether(const TensorInfo& tensor, const Hyperparams& p) {
    if (p.kv_lora_rank == 0) return 1;
    if (tensor.n_dims == 3) return tensor.shape[1];
    return tensor.name.find(".attn_kv_b.") != std::string::npos ? p.head_dim - p.rope_dim + p.v_head_dim : 1;
}

// What is computed: the first of the blocks that predict where prediction is wanted, else none.
Hyperparams computed(const PlanRequest& request) {
    Hyperparams p = request.hyperparams;
    p.n_nextn_layers = request.prediction ? std::min(1u, p.n_nextn_layers) : 0;
    return p;
}

class Planner {
public:
    explicit Planner(const PlanRequest& request)
        : m_request(request), m_p(computed(request)), m_device(request.devices.front()) {}

    Result<MemoryPlan> plan() {
        RETURN_IF_ERROR(chooseTensors());
        measureAvailable();
        m_plan.bytesCachePerToken = cacheBytesPerToken(m_p, m_request.precise);
        m_plan.bytesPerToken = bytesReadPerToken();
        if (m_device.gigabytesPerSecond > 0 && m_plan.bytesPerToken > 0) {
            m_plan.expectedTokensPerSecond = kExpectedBandwidthShare * m_device.gigabytesPerSecond * 1e9 /
                                             static_cast<double>(m_plan.bytesPerToken);
        }
        if (!placeOnDevice()) {
            m_plan.context = m_request.context != 0 ? m_request.context : wantedContext();
            return std::move(m_plan); // a single row exceeds an allocation: the verdict says so
        }
        grantContext();
        return std::move(m_plan);
    }

private:
    // Those of the family's list that the file holds; of a block that predicts without the copies of the model's own.
    Result<void> chooseTensors() {
        const models::Architecture* const architecture = models::findArchitecture(m_p.architecture);
        if (architecture == nullptr) {
            return {ErrorCode::InvalidArgument,
                    fmt::format("No plan for models of the family \"{}\", expected one of {}.",
                                printable(m_p.architecture),
                                fmt::join(models::supportedArchitectures(), ", "))};
        }
        std::unordered_set<std::string> used;
        for (models::TensorSpec& spec : architecture->tensors(m_p))
            if (!spec.copy) used.insert(std::move(spec.name));
        for (uint32_t i = 0; i < m_request.tensors.size(); ++i)
            if (used.contains(m_request.tensors[i].name)) m_chosen.push_back(i);
        return {};
    }

    void measureAvailable() {
        const uint64_t budget = m_device.budgetBytes != 0 ? m_device.budgetBytes : m_device.localBytes;
        m_plan.bytesAvailable = budget - spareBytes(budget);
        if (m_request.deviceBudgetBytes != 0)
            m_plan.bytesAvailable = std::min(m_plan.bytesAvailable, m_request.deviceBudgetBytes);
    }

    // Every matrix once; of the embedding one row, unless it is the head too; of experts as many as a token uses.
    uint64_t bytesReadPerToken() const {
        uint64_t bytes = 0;
        for (const uint32_t index : m_chosen) {
            const TensorInfo& tensor = m_request.tensors[index];
            if (tensor.name == "token_embd.weight" && !m_p.tied_output) {
                bytes += tensor.rowBytes();
            } else if (isExpertTensor(tensor, m_p)) {
                bytes += tensor.sizeBytes / m_p.n_experts * m_p.n_experts_used;
            } else {
                bytes += tensor.sizeBytes;
            }
        }
        return bytes;
    }

    bool placeOnDevice() {
        ArenaPacker packer(m_device.maxAllocationBytes);
        for (const uint32_t index : m_chosen) {
            const TensorInfo& tensor = m_request.tensors[index];
            const uint64_t together = rowsTogether(tensor, m_p);
            if (!packer.add(index, tensor, together)) {
                m_plan.verdict = fmt::format(
                    "Does not fit: one {} of {} takes {}, but {} allocates at most {} at once.",
                    together == 1 ? "row" : "part", tensor.name, formatBytes(together * tensor.rowBytes()),
                    printable(m_device.name), formatBytes(m_device.maxAllocationBytes));
                return false;
            }
            const bool experts = isExpertTensor(tensor, m_p);
            m_plan.placements.push_back({index, 0, experts ? m_p.n_experts : 1, Place::DeviceMemory, 0});
            m_plan.bytesByPlace[static_cast<size_t>(Place::DeviceMemory)] += tensor.sizeBytes;
        }
        m_plan.segments = packer.takeSegments();
        m_plan.arenaBytes = packer.takeArenaBytes();
        for (const uint64_t bytes : m_plan.arenaBytes) m_plan.bytesWeights += bytes;
        return true;
    }

    uint32_t wantedContext() const { return std::min(m_p.n_ctx_train, kDefaultContext); }

    bool fitsWith(uint32_t context) const {
        return m_plan.bytesWeights + cacheBytes(m_p, context, m_request.precise) +
                   scratchBytes(m_p, context) <=
               m_plan.bytesAvailable;
    }

    // The longest context up to `most` that fits, in whole blocks where it is shorter; 0: none.
    uint32_t longestContext(uint32_t most) const {
        if (fitsWith(most)) return most;
        uint32_t low = 0, high = (most - 1) / kBlockTokens; // in blocks; low fits (or is nothing)
        while (low < high) {
            const uint32_t middle = low + (high - low + 1) / 2;
            if (fitsWith(middle * kBlockTokens)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low * kBlockTokens;
    }

    void grantContext() {
        const bool asked = m_request.context != 0;
        const uint32_t most = asked ? std::min(m_request.context, m_p.n_ctx_train) : wantedContext();
        const uint32_t longest = longestContext(most);
        const uint32_t least = asked ? most : std::min(most, kLeastContext);
        m_plan.fits = longest >= least;
        m_plan.context = m_plan.fits ? longest : least;
        m_plan.bytesCache = cacheBytes(m_p, m_plan.context, m_request.precise);
        m_plan.bytesScratch = scratchBytes(m_p, m_plan.context);
        m_plan.verdict = m_plan.fits ? fitVerdict() : refusal(longest);
    }

    std::string fitVerdict() const {
        std::string text = fmt::format(
            "Fits: {} of weights, {} of cache for {} tokens and {} of scratch in the {} that {} "
            "offers",
            formatBytes(m_plan.bytesWeights), formatBytes(m_plan.bytesCache), formatCount(m_plan.context),
            formatBytes(m_plan.bytesScratch), formatBytes(m_plan.bytesAvailable), printable(m_device.name));
        if (m_request.context > m_plan.context)
            text += fmt::format("; the model was trained for {} tokens and takes no more",
                                formatCount(m_p.n_ctx_train));
        return text + ".";
    }

    std::string refusal(uint32_t longest) const {
        const std::string needs = fmt::format(
            "Does not fit: {} of weights, {} of cache for {} tokens and {} of scratch are {}, "
            "but {} offers {}",
            formatBytes(m_plan.bytesWeights), formatBytes(m_plan.bytesCache), formatCount(m_plan.context),
            formatBytes(m_plan.bytesScratch), formatBytes(m_plan.bytesDevice()), printable(m_device.name),
            formatBytes(m_plan.bytesAvailable));
        if (longest >= std::min(m_plan.context, kLeastContext))
            return fmt::format("{}: choose a context of {} tokens or fewer.", needs, formatCount(longest));
        const uint64_t besides = m_plan.bytesCache + m_plan.bytesScratch;
        const uint64_t left = m_plan.bytesAvailable > besides ? m_plan.bytesAvailable - besides : 0;
        // A mix as large as the file itself is no advice.
        const auto mix = models::largestMixWithin(
            parameters(), std::min(left, m_plan.bytesWeights - m_plan.bytesWeights / 20));
        if (mix)
            return fmt::format("{}: {} of the same model, about {}, would fit.", needs, mix->name,
                               formatBytes(mix->sizeBytes));
        if (longest > 0)
            return fmt::format("{}: choose a smaller model, or a context of {} tokens.", needs,
                               formatCount(longest));
        return fmt::format("{}: no quantisation of it would fit, choose a smaller model.", needs);
    }

    uint64_t parameters() const {
        uint64_t values = 0;
        for (const uint32_t index : m_chosen) values += m_request.tensors[index].values();
        return values;
    }

    const PlanRequest& m_request;
    const Hyperparams m_p;
    const PlanDevice& m_device;
    std::vector<uint32_t> m_chosen; // indices of tensors, in file order
    MemoryPlan m_plan;
};

} // namespace

std::string_view placeName(Place place) {
    static constexpr std::string_view kNames[kPlaceCount] = {
        "device memory", "host memory, computed by the CPU", "host memory, streamed to the device", "disk"};
    return kNames[static_cast<size_t>(place)];
}

Result<MemoryPlan> planMemory(const PlanRequest& request) {
    if (request.devices.empty())
        return Error{ErrorCode::NoDevice, "There is no device to plan for: install a Vulkan driver."};
    return Planner(request).plan();
}

Result<void> requireFit(const MemoryPlan& plan) {
    if (plan.fits) return {};
    return {ErrorCode::ModelTooLarge, plan.verdict};
}

uint64_t spareBytes(uint64_t budgetBytes) { return std::min(budgetBytes / 10, kGibibyte); }

uint64_t cacheBytesPerToken(const Hyperparams& p, bool precise) {
    const uint64_t bytesPerValue = precise ? sizeof(float) : sizeof(uint16_t);
    const uint64_t values = p.kv_lora_rank > 0
                                ? uint64_t{p.kv_lora_rank} + p.rope_dim // one latent for all heads
                                : uint64_t{p.n_kv_heads} * (p.head_dim + p.v_head_dim);
    return (uint64_t{p.n_layers} + p.n_nextn_layers) * values * bytesPerValue;
}

uint64_t cacheBytes(const Hyperparams& p, uint32_t context, bool precise) {
    const uint64_t blocks = (uint64_t{context} + kBlockTokens - 1) / kBlockTokens;
    return blocks * kBlockTokens * cacheBytesPerToken(p, precise);
}

uint64_t scratchBytes(const Hyperparams& p, uint32_t context) {
    const uint64_t queries = uint64_t{p.n_heads} * p.head_dim, attended = uint64_t{p.n_heads} * p.v_head_dim;
    const bool latent = p.kv_lora_rank > 0;
    const uint64_t keyDim = uint64_t{p.kv_lora_rank} + p.rope_dim;
    // Keys and values; or compressed queries, latents, queries and results in terms of the latent, those once more as f16.
    const uint64_t keys = latent
                              ? p.q_lora_rank + keyDim + p.n_heads * (keyDim + 2 * uint64_t{p.kv_lora_rank})
                              : uint64_t{p.n_kv_heads} * (p.head_dim + p.v_head_dim);
    const uint64_t feedForward =
        std::max<uint64_t>(p.n_ff, uint64_t{p.n_ff_expert} * (p.n_experts_used + p.n_shared_experts));
    // The router's logits, experts' gate and up, their results, and the choice.
    const uint64_t experts =
        p.isMoe() ? p.n_experts + p.n_experts_used * (3 * uint64_t{p.n_ff_expert} + p.n_embd + 4) : 0;
    const uint64_t prediction = p.n_nextn_layers > 0 ? 3 * uint64_t{p.n_embd} : 0; // embedding, and the pair
    // A row of a chunk: residual, normed and one spare; queries twice; attention's result; gate, up, product.
    const uint64_t row =
        3 * uint64_t{p.n_embd} + 2 * queries + keys + attended + 3 * feedForward + experts + prediction;
    const uint64_t logits = uint64_t{kLogitRows} * p.n_vocab * 2; // and a sorted copy
    // Partial results carry a maximum and a sum beside the values.
    const uint64_t partialValues = latent ? p.kv_lora_rank : p.v_head_dim;
    const uint64_t partial = uint64_t{kDecodeColumns} * kAttentionSplits * p.n_heads * (partialValues + 2);
    const uint64_t rotary = uint64_t{context} * p.rope_dim; // cosine and sine for half of it
    return (kPrefillRows * row + logits + partial + rotary) * sizeof(float) + kFixedScratchBytes;
}

} // namespace ponder::inference
