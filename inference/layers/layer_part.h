#pragma once
// Half of a model's layers: its attention or its feed-forward, each an addition to the residual stream. One object holds that
// half of all layers of its kind, with the scratch memory that they share. A new kind is a file beside this one and a line
// where the decoder chooses. Belongs to the engine's thread; must not outlive the Workspace.

#include <cstdint>
#include <string>

#include "inference/layers/host_share.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class LayerPart {
public:
    virtual ~LayerPart() = default;

    // The norm that a block's half begins with and who reads its result; empty: it has none that another step could take over.
    virtual NormInput normInput(uint32_t) const { return {}; }
    // Looks up the tensors of a block.
    virtual Result<void> addLayer(uint32_t block) = 0;
    // Records this half of it for n tokens, from the barrier before its first read of the residual on. What it leaves needs a
    // barrier before it is read.
    virtual Result<void> record(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) = 0;
    // The same where row i is the next token of Workspace::batch[i], for the first n of them. What looks at no other row has nothing
    // to do for it.
    virtual Result<void> recordBatch(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t n) {
        return record(recorder, block, n);
    }
    virtual bool batches() const { return true; } // takes recordBatch()
    // Not null: record() ends with a hand-over, and the host computes its share of the block.
    virtual HostShare* hostShare(uint32_t) { return nullptr; }
    virtual std::string describe() const { return {}; } // kernel paths; empty: nothing of note
};

} // namespace ponder::inference
