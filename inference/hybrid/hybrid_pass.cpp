#include "inference/hybrid/hybrid_pass.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "inference/out_of_memory.h"
#include "inference/tuning.h"
#include "models/base/errors.h"

namespace ponder::inference {

using vulkan::CommandRecorder;

namespace {

constexpr uint32_t kSpinMicroseconds = 1000; // being woken takes some 0.1 ms, twice a layer

// The device is busy meanwhile: what the standard library throws must not pass by those who wait for it.
Result<void> onHost(const HybridStep::Host& host, const PassInput& input, const std::stop_token& stop) {
    try {
        return host(input, stop);
    } catch (const std::bad_alloc&) {
        return outOfHostMemory();
    }
}

} // namespace

void HybridSteps::layer(HybridStep::Record part) {
    if (m_layerBegun)
        m_open.device.push_back(std::move(part));
    else
        add(std::move(part));
    m_layerBegun = true;
}

void HybridSteps::add(HybridStep::Record part) {
    if (m_open.device.empty()) {
        m_open.device.push_back(std::move(part));
        return;
    }
    HybridStep::Record& last = m_open.device.back();
    last = [first = std::move(last), then = std::move(part)](CommandRecorder& recorder,
                                                             uint32_t n) -> Result<void> {
        RETURN_IF_ERROR(first(recorder, n));
        return then(recorder, n);
    };
}

void HybridSteps::handOver(HybridStep::Host host, HybridStep::Record meanwhile, HybridStep::Record join) {
    m_open.host = std::move(host);
    m_open.meanwhile = std::move(meanwhile);
    m_done.push_back(std::move(m_open));
    m_open = {};
    m_layerBegun = false;
    add(std::move(join));
}

void HybridSteps::handOver(HostShare& share, uint32_t block) {
    handOver([&share, block](const PassInput& input,
                             const std::stop_token&) { return share.compute(block, input.n); },
             [&share, block](CommandRecorder& recorder, uint32_t n) {
                 return share.recordMeanwhile(recorder, block, n);
             },
             [&share, block](CommandRecorder& recorder, uint32_t n) {
                 return share.recordJoin(recorder, block, n);
             });
}

std::vector<HybridStep> HybridSteps::take() {
    m_done.push_back(std::move(m_open));
    m_open = {};
    return std::move(m_done);
}

Result<void> HybridPass::recordOne(std::vector<CommandRecorder>& into, size_t index,
                                   const HybridStep::Record& body, uint32_t n) {
    if (index == into.size()) {
        ASSIGN_OR_RETURN(auto made, CommandRecorder::create(m_context, "part of a shared pass", m_timestamps));
        into.push_back(std::move(made));
    }
    RETURN_IF_ERROR(into[index].begin());
    if (body) RETURN_IF_ERROR(body(into[index], n));
    return into[index].end();
}

Result<void> HybridPass::recordInto(Recorded& recorded, uint32_t n) {
    recorded.n = 0;
    recorded.device.resize(m_steps.size());
    for (size_t i = 0; i < m_steps.size(); ++i) {
        for (size_t part = 0; part < m_steps[i].device.size(); ++part)
            RETURN_IF_ERROR(recordOne(recorded.device[i], part, m_steps[i].device[part], n));
        if (m_steps[i].host) RETURN_IF_ERROR(recordOne(recorded.meanwhile, i, m_steps[i].meanwhile, n));
    }
    if (m_head) RETURN_IF_ERROR(recordOne(recorded.head, 0, m_head, n));
    recorded.n = n;
    return {};
}

Result<void> HybridPass::record(uint32_t n) {
    Recorded* const kept = find(n);
    return recordInto(kept ? *kept : m_recorded.emplace_back(), n);
}

const HybridPass::Recorded* HybridPass::find(uint32_t n) const {
    const auto found =
        std::find_if(m_recorded.begin(), m_recorded.end(), [&](const Recorded& one) { return one.n == n; });
    return found == m_recorded.end() ? nullptr : &*found;
}

Result<void> HybridPass::run(const PassInput& input, bool head, SubmissionPacer& pacer,
                             SubmissionTimes& times, const std::stop_token& stop) {
    Recorded* const kept = find(input.n);
    Recorded& recorded = kept ? *kept : m_odd;
    if (recorded.n != input.n) RETURN_IF_ERROR(recordInto(recorded, input.n));
    const std::chrono::microseconds spin(
        tuning().spinMicroseconds.value_or(m_context.caps().unified ? 0 : kSpinMicroseconds));
    m_hostSeconds = 0;
    for (size_t i = 0; i < m_steps.size(); ++i) {
        if (i > 0 && stop.stop_requested()) return stopped();
        PacedSubmissions submissions(m_context, pacer, input.n, times, spin, m_background);
        std::vector<CommandRecorder>& parts = recorded.device[i];
        for (size_t done = 0; done < parts.size();) {
            if (done > 0 && stop.stop_requested()) return stopped();
            const uint32_t count = submissions.layers(static_cast<uint32_t>(parts.size() - done));
            std::vector<VkCommandBuffer> buffers;
            for (uint32_t k = 0; k < count; ++k) buffers.push_back(parts[done + k].handle());
            done += count;
            if (head && done == parts.size() && i + 1 == m_steps.size() && !recorded.head.empty())
                buffers.push_back(recorded.head[0].handle());
            RETURN_IF_ERROR(submissions.submit(std::move(buffers), count));
        }
        if (!m_steps[i].host) {
            RETURN_IF_ERROR(submissions.drain());
            continue;
        }
        // The device goes on with this while the host, which waits for what comes before it only, does its share.
        if (m_steps[i].meanwhile) {
            auto submitted = m_context.submit({recorded.meanwhile[i].handle()});
            if (!submitted) return std::move(submitted).error();
        }
        if (m_background) RETURN_IF_ERROR(m_background->devicePiece());
        RETURN_IF_ERROR(submissions.drain());
        const auto start = std::chrono::steady_clock::now();
        RETURN_IF_ERROR(onHost(m_steps[i].host, input, stop));
        m_hostSeconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return {};
}

std::vector<const CommandRecorder*> HybridPass::recordings(uint32_t n) const {
    std::vector<const CommandRecorder*> all;
    const Recorded* const found = find(n);
    if (!found) return all;
    for (size_t i = 0; i < m_steps.size(); ++i) {
        for (const CommandRecorder& part : found->device[i]) all.push_back(&part);
        if (m_steps[i].host && m_steps[i].meanwhile) all.push_back(&found->meanwhile[i]);
    }
    for (const CommandRecorder& head : found->head) all.push_back(&head);
    return all;
}

} // namespace ponder::inference
