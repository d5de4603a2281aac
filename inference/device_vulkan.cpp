#include "inference/device_vulkan.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "inference/calibrator.h"
#include "inference/layers/layer_shape.h"
#include "inference/tuning.h"
#include "models/base/errors.h"
#include "models/base/log.h"

namespace ponder::inference {

namespace {

// Tokens of a prefill chunk where a CPU plays the GPU, fewer than the plan allows, so that stopping and progress do not wait for
// seconds.
constexpr uint32_t kSoftwareChunk = 64;
// Longest submission: one frame's half on a GPU that draws the screen, else far below any driver's limit.
constexpr double kDisplaySubmissionSeconds = 0.008, kSubmissionSeconds = 0.2;

// Progress of reading what goes to one place, the device's first, as progress of the whole.
LoadProgressSink partOfLoad(const LoadTask& task, Place place) {
    if (!task.progress || !task.plan.sharedWithHost()) return task.progress;
    const uint64_t device = task.plan.bytesOf(Place::DeviceMemory);
    const uint64_t host = task.plan.bytesOf(Place::HostCpu) + task.plan.bytesHostCopies;
    return [&sink = task.progress, before = place == Place::HostCpu ? device : 0,
            all = device + host](LoadProgress progress) {
        progress.doneBytes += before;
        progress.totalBytes = all;
        sink(progress);
    };
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
    ASSIGN_OR_RETURN(m_registry, vulkan::KernelRegistry::create(*m_context, tuning().cacheFolder));
    CalibratorOptions calibration = calibratorOptionsOfTuning(caps());
    calibration.stop = task.stop;
    RETURN_IF_ERROR(calibrate(*m_context, *m_registry, calibration)); // while the memory is still free
    RETURN_IF_ERROR(unlessStopped(task.stop));
    ASSIGN_OR_RETURN(m_weights, Weights::load(*m_context, task.file, task.plan,
                                              partOfLoad(task, Place::DeviceMemory), task.stop));
    RETURN_IF_ERROR(unlessStopped(task.stop));
    if (task.plan.sharedWithHost()) RETURN_IF_ERROR(loadHostSide(task));

    const auto start = std::chrono::steady_clock::now();
    if (task.progress)
        task.progress(
            {.stage = "pipelines", .doneBytes = task.plan.bytesWeights, .totalBytes = task.plan.bytesWeights});
    const uint32_t context = task.plan.context;
    RETURN_IF_ERROR(makeCache(task));
    const uint32_t chunk = tuning().prefillChunk > 0 ? tuning().prefillChunk
                           : caps().software         ? kSoftwareChunk
                                                     : task.plan.chunkRows;
    ASSIGN_OR_RETURN(m_decoder,
                     Decoder::create(*m_context, *m_registry, task.hyperparams, *m_weights,
                                     {.context = context,
                                      .chunkTokens = std::min({chunk, task.plan.chunkRows, context}),
                                      .precise = task.precise,
                                      .cache = task.cache,
                                      .timestamps = task.timestamps,
                                      .submissionSeconds = caps().drivesDisplay ? kDisplaySubmissionSeconds
                                                                                : kSubmissionSeconds,
                                      .ropeFactors = task.ropeFactors,
                                      .prediction = task.prediction,
                                      .host = m_host.get()}));
    if (auto saved = m_registry->saveCache(); !saved) // only the next start is slower
        log(LogLevel::Warning, LogCategory::Engine, "{}", saved.error().message);
    m_pipelineSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return unlessStopped(task.stop);
}

Result<void> VulkanDevice::loadHostSide(const LoadTask& task) {
    m_host = std::make_unique<HostSide>();
    m_host->streamBytes = task.plan.bytesStream;
    m_host->endLayer = task.hyperparams.n_layers - task.plan.ringLayers;
    m_host->firstLayer = m_host->endLayer - task.plan.hostLayers;
    std::vector<Placement> ours;
    for (const Placement& placement : task.plan.placements)
        if (placement.place == Place::HostCpu || placement.place == Place::Disk) ours.push_back(placement);
    for (const Placement& copy : task.plan.copies) {
        if (m_host->endLayer < task.hyperparams.n_layers) { // whole layers that rest on the device
            ours.push_back(copy);
            continue;
        }
        // They lie just before what is the host's alone.
        const auto after = std::find_if(ours.begin(), ours.end(),
                                        [&](const Placement& part) { return part.tensor == copy.tensor; });
        PONDER_CHECK(after != ours.end() && after->firstExpert == copy.firstExpert + copy.experts);
        after->firstExpert = copy.firstExpert;
        after->experts += copy.experts;
    }
    ASSIGN_OR_RETURN(m_host->weights, cpu::HostWeights::load(task.file, ours, m_host->pool,
                                                             partOfLoad(task, Place::HostCpu), task.stop));
    return {};
}

Result<void> VulkanDevice::makeCache(const LoadTask& task) {
    const uint32_t blocks = (task.plan.context + kBlockTokens - 1) / kBlockTokens;
    models::Hyperparams onDevice = task.hyperparams;
    onDevice.n_layers = task.plan.deviceCacheLayers(task.hyperparams);
    ASSIGN_OR_RETURN(auto device, KvCache::create(*m_context, layerShape(onDevice, task.cache), blocks));
    if (task.plan.hostLayers == 0) {
        m_cache = std::move(device);
        return {};
    }
    cpu::CacheShape shape = cpu::cacheShape(task.hyperparams, task.precise);
    shape.layers = task.plan.hostLayers + task.plan.ringLayers; // which are the host's if a driver has no ring
    ASSIGN_OR_RETURN(auto host, cpu::HostCache::create(shape, blocks));
    auto both = std::make_unique<HybridCache>(std::move(device), std::move(host), blocks);
    m_host->cache = both.get();
    m_cache = std::move(both);
    return {};
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
