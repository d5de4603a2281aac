#include "inference/device_vulkan.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "inference/layers/layer_shape.h"
#include "inference/tuning.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

// Tokens of a prefill chunk: enough to keep matrix units busy; fewer where a CPU plays the GPU, so that
// stopping and progress do not wait for seconds.
constexpr uint32_t kChunk = kPrefillRows, kSoftwareChunk = 64;
// Longest submission: one frame's half on a GPU that draws the screen, else far below any driver's limit.
constexpr double kDisplaySubmissionSeconds = 0.008, kSubmissionSeconds = 0.2;

Result<void> cancelled(const std::stop_token& stop) {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Loading was stopped."};
    return {};
}

} // namespace

Result<std::unique_ptr<Device>> VulkanDevice::open(const std::string& name) {
    std::unique_ptr<VulkanDevice> device(new VulkanDevice);
    vulkan::ContextOptions wanted; // whatever else tuning asks for
    wanted.device = name;
    ASSIGN_OR_RETURN(device->m_context, vulkan::Context::create(wanted));
    return std::unique_ptr<Device>(std::move(device));
}

Result<void> VulkanDevice::load(const LoadTask& task) {
    ASSIGN_OR_RETURN(m_weights, Weights::load(*m_context, task.file, task.plan, task.progress, task.stop));
    RETURN_IF_ERROR(cancelled(task.stop));

    const auto start = std::chrono::steady_clock::now();
    if (task.progress)
        task.progress(
            {.stage = "pipelines", .doneBytes = task.plan.bytesWeights, .totalBytes = task.plan.bytesWeights});
    ASSIGN_OR_RETURN(m_registry, vulkan::KernelRegistry::create(*m_context, tuning().cacheFolder));
    const uint32_t context = task.plan.context;
    ASSIGN_OR_RETURN(m_cache, KvCache::create(*m_context, layerShape(task.hyperparams, task.precise),
                                              (context + kBlockTokens - 1) / kBlockTokens));
    const uint32_t chunk = tuning().prefillChunk > 0 ? tuning().prefillChunk
                           : caps().software         ? kSoftwareChunk
                                                     : kChunk;
    ASSIGN_OR_RETURN(m_decoder,
                     Decoder::create(*m_context, *m_registry, task.hyperparams, *m_weights,
                                     {.context = context,
                                      .chunkTokens = std::min({chunk, kPrefillRows, context}),
                                      .precise = task.precise,
                                      .timestamps = task.timestamps,
                                      .submissionSeconds = caps().drivesDisplay ? kDisplaySubmissionSeconds
                                                                                : kSubmissionSeconds,
                                      .ropeFactors = task.ropeFactors,
                                      .prediction = task.prediction}));
    if (auto saved = m_registry->saveCache(); !saved) // only the next start is slower
        log(LogLevel::Warning, LogCategory::Engine, "{}", saved.error().message);
    m_pipelineSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return cancelled(task.stop);
}

Result<void> VulkanDevice::checkAlive() const {
    if (m_context->lost())
        return Error{ErrorCode::DeviceLost,
                     "The graphics driver gave up (device lost): load the model again."};
    return {};
}

std::string VulkanDevice::profile() const {
    const double seconds = m_weights->seconds();
    std::string text = fmt::format(
        "weights {:.2f} s ({:.2f} GB/s, arenas {:.2f} s), pipelines and recording {:.2f} s\n"
        "longest submission {:.1f} ms\n",
        seconds, seconds > 0 ? static_cast<double>(m_weights->loadedBytes()) / seconds / 1e9 : 0,
        m_weights->allocationSeconds(), m_pipelineSeconds, 1e3 * m_decoder->longestSubmissionSeconds());
    const auto stages = m_decoder->profile();
    if (!stages) return text + stages.error().message + "\n";
    double sum = 0;
    for (const auto& stage : *stages) sum += stage.microseconds;
    for (const auto& stage : *stages)
        text += fmt::format("{:<20} {:10.1f} us {:5.1f}%\n", stage.name, stage.microseconds,
                            100 * stage.microseconds / sum);
    return text;
}

} // namespace ponder::inference
