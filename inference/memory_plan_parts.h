#pragma once
// The tensors of a model as the memory plan deals with them: in layers, in experts, and as the two ways in which a model that
// is too large is taken apart. Used by memory_plan.cpp. Values that view the file's tensors; any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "models/base/result.h"
#include "models/hyperparams.h"
#include "models/tensor_info.h"

namespace ponder::inference {

// What of a model the device holds. Everything but experts is the device's while any expert is; only then do whole layers go.
struct Split {
    uint32_t experts =
        0; // on the device, of all mixtures together: each has the same number, the first ones one more
    uint32_t hostLayers = 0; // whole layers, the last ones of the model; then no expert is on the device
    uint32_t ringLayers = 0; // behind those, in the device's room for layers that are brought over
};

class ModelParts {
public:
    static constexpr uint32_t kNoBlock = UINT32_MAX;

    struct Part {
        uint32_t tensor = 0;       // index into the file's
        uint32_t block = kNoBlock; // "blk.N.": N
        uint32_t experts = 0;      // that it stacks; 0: none
        uint64_t rowsTogether = 1; // that kernels find by one address: an expert's or a head's
        uint64_t readPerToken = 0; // bytes, if all of it lay in one place
        uint64_t expertBytes() const { return experts > 0 ? bytes / experts : 0; }
        uint64_t bytes = 0;
    };

    // Those of the family's list that the file holds; of a block that predicts without the copies of the model's own. Errors:
    // InvalidArgument for a family without a list.
    static Result<ModelParts> of(const models::Hyperparams& p, std::span<const models::TensorInfo> tensors);

    const std::vector<Part>& parts() const { return m_parts; } // in file order
    uint64_t parameters() const { return m_parameters; }
    uint64_t bytesPerToken() const; // read to generate one, with an empty cache
    uint64_t weightsPerToken() const { return m_weightsPerToken; }  // that one is multiplied by
    uint64_t largestExpertBytes() const { return m_largestExpert; } // all tensors of it; 0: no mixture

    uint32_t layers() const { return m_layers; }                  // that can be the host's
    uint64_t largestLayerBytes() const { return m_largestLayer; } // each tensor as a segment
    Split wholeModel() const { return {m_mixtures * m_experts, 0, 0}; }
    // Experts of a part that are the device's.
    uint32_t expertsOnDevice(const Part& part, const Split& split) const;
    bool onHost(const Part& part, const Split& split) const; // all of it
    bool inRing(const Part& part, const Split& split) const; // the same
    bool anyExpertOnHost(const Split& split) const { return split.experts < m_mixtures * m_experts; }

private:
    std::vector<Part> m_parts;
    uint64_t m_parameters = 0, m_weightsPerToken = 0;
    uint64_t m_largestExpert = 0, m_largestLayer = 0;
    uint32_t m_layers = 0, m_dense = 0, m_mixtures = 0, m_experts = 0;
};

} // namespace ponder::inference
