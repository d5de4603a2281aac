#pragma once
// A pass through a model of which the host computes a share, as a list of steps: recordings of the device up to a hand-over,
// then the host's work while the device does what else is ready. Recorded once for a number of tokens and replayed, as a pass
// without the host is. Owns the recordings; what the steps call must outlive it. Belongs to the engine's thread.

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "inference/layers/host_share.h"
#include "inference/paced_submissions.h"
#include "inference/vulkan/command_recorder.h"

namespace ponder::inference {

struct PassInput {
    uint32_t n = 0; // tokens
    uint32_t position = 0;
    std::span<const uint64_t> blockTable;
};

// One step: `device` in submissions as the pacer allows, then `host` and `meanwhile` at the same time.
struct HybridStep {
    using Record = std::function<Result<void>(vulkan::CommandRecorder&, uint32_t n)>;
    using Host = std::function<Result<void>(const PassInput&, const std::stop_token&)>;
    std::vector<Record> device; // each a recording
    Record meanwhile;           // may be empty
    Host host;                  // empty: the last step
};

// Steps in the making.
class HybridSteps {
public:
    // What comes before the first layer and behind a hand-over is recorded together with the layer that follows it, every other
    // layer by itself; add() goes on with the recording begun last.
    void layer(HybridStep::Record part);
    void add(HybridStep::Record part);
    // The host's turn. `join` begins what comes after.
    void handOver(HybridStep::Host host, HybridStep::Record meanwhile, HybridStep::Record join);
    void handOver(HostShare& share, uint32_t block);
    std::vector<HybridStep> take();

private:
    std::vector<HybridStep> m_done;
    HybridStep m_open;
    bool m_layerBegun = false; // in the recording begun last
};

class HybridPass {
public:
    // head: of the last row, run if wanted; may be empty.
    // background: done where one waits for the other; null: nothing. timestamps: recordings measure their stages.
    HybridPass(vulkan::Context& context, std::vector<HybridStep> steps, HybridStep::Record head,
               Background* background = nullptr, bool timestamps = false)
        : m_context(context), m_steps(std::move(steps)), m_head(std::move(head)), m_background(background),
          m_timestamps(timestamps) {}

    Result<void> record(uint32_t n); // so that the first run of n tokens does not wait for it
    // Errors: those of the device; of the host's work; Cancelled, between steps. After one the device may still be busy.
    Result<void> run(const PassInput& input, bool head, SubmissionPacer& pacer, SubmissionTimes& times,
                     const std::stop_token& stop);
    // The recordings of n tokens, in the order of their steps; none if n was not recorded.
    std::vector<const vulkan::CommandRecorder*> recordings(uint32_t n) const;
    double hostSeconds() const { return m_hostSeconds; } // of the last run

private:
    struct Recorded {
        uint32_t n = 0;                                           // 0: not recorded
        std::vector<std::vector<vulkan::CommandRecorder>> device; // by step
        std::vector<vulkan::CommandRecorder> meanwhile;           // one a step, the last one has none
        std::vector<vulkan::CommandRecorder> head;                // one, if there is one
    };

    const Recorded* find(uint32_t n) const; // null: not of a kept size
    Recorded* find(uint32_t n) { return const_cast<Recorded*>(std::as_const(*this).find(n)); }
    Result<void> recordInto(Recorded& recorded, uint32_t n);
    Result<void> recordOne(std::vector<vulkan::CommandRecorder>& into, size_t index,
                           const HybridStep::Record& body, uint32_t n);

    vulkan::Context& m_context;
    std::vector<HybridStep> m_steps;
    HybridStep::Record m_head;
    Background* m_background;
    bool m_timestamps;
    double m_hostSeconds = 0;
    std::vector<Recorded> m_recorded; // of kept sizes, in the order of record()
    Recorded m_odd;                   // one of any other
};

} // namespace ponder::inference
