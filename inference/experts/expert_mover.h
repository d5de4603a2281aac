#pragma once
// Carries out what the cache of experts decides: copies experts from host memory into slots on the device, and says in the address
// table where each lies. A pass brings in a fixed number of bytes: they are copied into a staging ring while the host would
// wait for the device, and from there while the device would wait for the host; what is left over when the next pass begins is
// copied then. So which expert lies where is a function of the passes alone, whatever their speed, and so is every result.
//
// Everything goes through the queue that passes go through, in this order: passes that read an expert; the table without it; the
// bytes of the next one over it; the table with that; passes that read it. The table changes between passes only, and with it
// what the cache says, so device and host agree in every pass on who computes what.
//
// Owns the staging ring. Belongs to the engine's thread; must not outlive the Workspace.

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "inference/experts/expert_cache.h"
#include "inference/hybrid/background.h"
#include "inference/layers/workspace.h"

namespace ponder::inference {

class ExpertMover final : public Background {
public:
    // The tensors of a mixture on the device: gate, up, down.
    struct Mixture {
        uint32_t block = 0;
        std::array<kernels::ExpertWeight, 3> tensors;
    };
    static Result<std::unique_ptr<ExpertMover>> create(const Workspace& workspace,
                                                       const std::vector<Mixture>& mixtures);

    ExpertCache& cache() { return m_cache; } // layers are the model's blocks
    const ExpertCache& cache() const { return m_cache; }
    // Before a pass is submitted. After an error no pass may be until a later call succeeds.
    Result<void> beginPass();
    bool hostPiece() override;
    Result<void> devicePiece() override { return submitPieces(false); }

private:
    struct Stack { // a tensor of a mixture
        kernels::ExpertWeight device;
        cpu::HeldExperts host;
        std::vector<uint64_t> slots; // device addresses
        uint64_t expertBytes() const { return device.rowBytes * device.rows; }
    };
    using Layer = std::array<Stack, 3>;
    struct UnderWay {
        ExpertCache::Exchange exchange;
        uint64_t end = 0; // of it, in bytes copied since loading
    };
    struct Change { // of the table
        uint32_t layer = 0, expert = 0;
        int64_t slot = 0; // negative: nowhere
    };
    struct Piece { // in the ring, behind those before it
        vulkan::BufferView to;
    };
    struct Submitted {
        uint64_t value = 0; // of the timeline
        size_t pieces = 0;
    };

    ExpertMover(const Workspace& workspace, std::vector<Layer> layers, ExpertCache cache)
        : m_workspace(workspace), m_layers(std::move(layers)), m_cache(std::move(cache)) {}
    uint64_t expertBytes(uint32_t layer) const;
    void setBytesPerPass();
    void change(const Change& change); // replaces one of the same expert that was not submitted
    Result<void> finishPieces();
    Result<void> submitPieces(bool wait);
    Result<void> submitChanges();
    void reap(); // pieces that the device has copied

    const Workspace& m_workspace;
    std::vector<Layer> m_layers; // by block
    ExpertCache m_cache;
    uint64_t m_bytesPerPass = 0;

    // Bytes since loading: scheduled >= due >= copied into the ring.
    uint64_t m_scheduled = 0, m_due = 0, m_copied = 0;
    std::deque<UnderWay> m_underWay;
    std::vector<Change> m_changes; // not submitted yet

    vulkan::Buffer m_ring;
    std::deque<Piece> m_ready;         // in the ring, not submitted
    std::deque<Submitted> m_submitted; // oldest first
    size_t m_inRing = 0, m_next = 0;   // pieces in the ring; where the next one goes
    struct Recording {
        std::unique_ptr<vulkan::CommandRecorder> recorder;
        uint64_t value = 0; // of its last submission
    };
    std::array<Recording, 2> m_recordings; // of copies
    size_t m_recording = 0;
    Recording m_changing; // of the table
};

} // namespace ponder::inference
