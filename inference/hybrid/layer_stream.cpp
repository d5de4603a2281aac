#include "inference/hybrid/layer_stream.h"

#include <algorithm>
#include <chrono>

#include "models/base/errors.h"

namespace ponder::inference {

using vulkan::CommandRecorder;

Result<std::unique_ptr<LayerStream>> LayerStream::create(vulkan::Context& context, LayerRing& ring,
                                                         Record record, double submissionSeconds) {
    std::unique_ptr<LayerStream> stream(new LayerStream(context, ring, std::move(record), submissionSeconds));
    ASSIGN_OR_RETURN(stream->m_transfers, vulkan::TransferQueue::create(context));
    for (uint32_t block = ring.first(); block < ring.end(); ++block) {
        Recording& recording = stream->m_recordings.emplace_back();
        for (const char* name : {"layer brought over", "rows of a layer brought over"}) {
            ASSIGN_OR_RETURN(auto made, CommandRecorder::create(context, name));
            recording.parts.push_back(std::move(made));
        }
    }
    RETURN_IF_ERROR(stream->restore());
    return stream;
}

Result<double> LayerStream::measure() {
    double best = 1e9;
    for (int round = 0; round < 3; ++round) { // the first one finds neither clocks nor tables warm
        const auto start = std::chrono::steady_clock::now();
        RETURN_IF_ERROR(bring(m_ring.first(), 0));
        RETURN_IF_ERROR(m_transfers->wait(m_arrived[m_ring.half(m_ring.first())]));
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    RETURN_IF_ERROR(restore());
    return std::max(best, 1e-9);
}

Result<void> LayerStream::bring(uint32_t block, uint32_t tokens) {
    const uint32_t half = m_ring.half(block);
    m_held[half].reset();
    ASSIGN_OR_RETURN(m_arrived[half], m_transfers->submit(m_ring.copies(block, tokens)));
    m_held[half] = block;
    return {};
}

Result<void> LayerStream::restore() {
    for (uint32_t block = m_ring.first(); block < m_ring.end(); ++block) {
        const uint32_t half = m_ring.half(block);
        if (!m_ring.rests(block) || m_held[half] == block) continue;
        RETURN_IF_ERROR(bring(block, 0));
        auto submitted = m_context.submit({}, m_arrived[half]); // for all that comes behind it
        if (!submitted) return std::move(submitted).error();
    }
    return {};
}

Result<bool> LayerStream::begin(const PassInput& input) {
    if (input.n < m_from) return false;
    ASSIGN_OR_RETURN(const bool reached, m_ring.reach(input.blockTable, input.position + input.n));
    if (!reached) {
        m_from = kNeverStreamed;
        return false;
    }
    for (uint32_t block = m_ring.first(); block < std::min(m_ring.first() + 2, m_ring.end()); ++block)
        RETURN_IF_ERROR(bring(block, input.position));
    return true;
}

Result<void> LayerStream::record(Recording& recording, uint32_t block, const PassInput& input) {
    CommandRecorder &layer = recording.parts[0], &back = recording.parts[1];
    if (recording.n != input.n) {
        recording.n = 0;
        RETURN_IF_ERROR(layer.begin());
        RETURN_IF_ERROR(m_record(layer, block, input.n));
        RETURN_IF_ERROR(layer.end());
        recording.n = input.n;
    }
    RETURN_IF_ERROR(back.begin());
    m_ring.recordBack(back, block, input.position, input.position + input.n);
    return back.end();
}

Result<void> LayerStream::run(const PassInput& input, const std::stop_token& stop, SubmissionTimes& times) {
    PacedSubmissions submissions(m_context, m_pacer, input.n, times);
    for (uint32_t block = m_ring.first(); block < m_ring.end(); ++block) {
        if (stop.stop_requested()) return stopped();
        Recording& recording = m_recordings[block - m_ring.first()];
        RETURN_IF_ERROR(record(recording, block, input));
        RETURN_IF_ERROR(submissions.submit({recording.parts[0].handle(), recording.parts[1].handle()}, 1,
                                           m_arrived[m_ring.half(block)]));
        // Into the half that this one leaves.
        if (block + 2 < m_ring.end()) RETURN_IF_ERROR(bring(block + 2, input.position));
    }
    return submissions.drain();
}

} // namespace ponder::inference
