#include "inference/device_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/cpu/host_weights.h"
#include "inference/device.h"
#include "inference/device_rates.h"
#include "inference/tuning.h"

namespace ponder::inference {
namespace {

// The largest heap of the device's own memory, where weights go; of a device without one the largest of all.
const vulkan::MemoryHeap* mainHeap(const vulkan::DeviceCaps& caps) {
    const vulkan::MemoryHeap* best = nullptr;
    for (const auto& heap : caps.heaps)
        if (!best ||
            std::pair(heap.deviceLocal, heap.sizeBytes) > std::pair(best->deviceLocal, best->sizeBytes))
            best = &heap;
    return best;
}

ExpertPlaces expertPlaces(protocol::Experts experts) {
    switch (experts) {
    case protocol::Experts::Host:
        return ExpertPlaces::Host;
    case protocol::Experts::Device:
        return ExpertPlaces::Device;
    case protocol::Experts::Auto:
        break;
    }
    return ExpertPlaces::Auto;
}

// Whatever the plan will be.
Result<void> checkCache(const models::Hyperparams& p, bool cpu, const protocol::LoadOptions& options) {
    if (options.cache != protocol::Cache::Q8) return {};
    const auto refused = [](const char* sentence) { return Error{ErrorCode::InvalidArgument, sentence}; };
    if (options.precise)
        return refused("The cache of --precise is float32, that of --cache q8 has 8 bits: give one of them.");
    if (p.kv_lora_rank > 0)
        return refused(
            "Latent attention has no cache of 8 bits, as its own is a small one: leave out --cache q8.");
    if (cpu)
        return refused("The CPU has no cache of 8 bits: leave out --cache q8, or choose a Vulkan device.");
    return {};
}

// A device that draws the screen keeps to short submissions.
uint32_t streamedRows(const vulkan::DeviceCaps& caps) {
    const bool can = !caps.unified && caps.hostImportAlignment > 0;
    if (!(tuning().expertStream ? *tuning().expertStream > 0 : can)) return 0;
    return caps.drivesDisplay ? kPrefillRows : kMostPrefillRows;
}

// A multiprocessor's matrix units reach 0.6 (RDNA 3) to 1.5 (H100) teraflops in products of prefill.
double matrixTeraflops(const vulkan::DeviceCaps& caps) {
    return caps.cooperativeMatrix && !caps.software && !caps.drivesDisplay ? caps.computeUnits : 0;
}

bool bringsLayers(const vulkan::DeviceCaps& caps) {
    return caps.hostImportAlignment > 0 && caps.hostImportAlignment <= cpu::kHostPage &&
           (tuning().layerStream ? *tuning().layerStream > 0 : !caps.unified);
}

} // namespace

CacheFormat cacheFormat(bool precise, protocol::Cache cache) {
    return precise ? CacheFormat::F32 : cache == protocol::Cache::Q8 ? CacheFormat::Q8 : CacheFormat::F16;
}

PlanDevice planDevice(const vulkan::DeviceCaps& caps) {
    PlanDevice device;
    device.name = caps.name;
    device.unified = caps.unified;
    device.gigabytesPerSecond = expectedBandwidth(caps);
    device.teraflops = matrixTeraflops(caps);
    device.maxAllocationBytes = caps.maxAllocationBytes;
    if (tuning().maxArenaBytes > 0)
        device.maxAllocationBytes = std::min(device.maxAllocationBytes, tuning().maxArenaBytes);
    if (const auto* heap = mainHeap(caps)) {
        device.localBytes = heap->sizeBytes;
        device.budgetBytes = heap->budgetBytes;
    }
    return device;
}

Result<MemoryPlan> planForDevice(const models::GgufFile& file, const models::Hyperparams& hyperparams,
                                 const vulkan::DeviceCaps& caps, const protocol::LoadOptions& options,
                                 bool prediction) {
    const PlanDevice device = planDevice(caps);
    const bool cpu = caps.id == "cpu";
    RETURN_IF_ERROR(checkCache(hyperparams, cpu, options));
    PlanHost host{.onlyDisk = cpu, .diskGigabytesPerSecond = kDiskGigabytesPerSecond};
    if (!cpu) {
        const vulkan::DeviceCaps ours = cpuCaps();
        host = {.computes = true,
                .copiesExperts = tuning().expertCache.value_or(!caps.unified),
                .streamedRows = streamedRows(caps),
                .bringsLayers = bringsLayers(caps),
                .memoryBytes = ours.heaps.front().budgetBytes,
                .gigabytesPerSecond = kHostGigabytesPerSecond,
                .diskGigabytesPerSecond = kDiskGigabytesPerSecond};
    }
    auto plan = planMemory({.hyperparams = hyperparams,
                            .tensors = file.tensors(),
                            .devices = {&device, 1},
                            .host = host,
                            .context = options.context,
                            .cache = cacheFormat(options.precise, options.cache),
                            .prediction = prediction,
                            .deviceBudgetBytes = cpu ? options.ramBudget : options.vramBudget,
                            .hostBudgetBytes = options.ramBudget,
                            .chunkRows = tuning().prefillChunk,
                            .experts = expertPlaces(options.experts)});
    if (plan && options.cache == protocol::Cache::Q8 && plan->hostLayers > 0)
        return Error{ErrorCode::InvalidArgument,
                     fmt::format("{} of {} layers of this model are the CPU's, which has no cache of 8 bits: "
                                 "leave out --cache q8, or ask for a shorter context.",
                                 plan->hostLayers, hyperparams.n_layers)};
    return plan;
}

protocol::DeviceSummary summarize(const vulkan::DeviceCaps& caps) {
    const PlanDevice device = planDevice(caps);
    return {.name = caps.name,
            .id = caps.id,
            .driver = caps.driver,
            .memoryBytes = device.localBytes,
            .freeBytes = device.budgetBytes,
            .software = caps.software};
}

protocol::ModelSummary summarize(const models::ModelInfo& info, const std::string& path) {
    return {.path = path,
            .name = info.name,
            .architecture = info.architecture,
            .quantization = info.quantization,
            .sizeBytes = info.sizeBytes,
            .parameters = info.parameters,
            .layers = info.hyperparams ? info.hyperparams->n_layers : 0,
            .contextTrained = info.hyperparams ? info.hyperparams->n_ctx_train : 0,
            .runnable = info.runnable,
            .refusal = info.refusal};
}

protocol::PlanSummary summarize(const MemoryPlan& plan, const vulkan::DeviceCaps& caps) {
    return {.device = caps.name,
            .context = plan.context,
            .weightBytes = plan.bytesWeights,
            .cacheBytes = plan.bytesCache,
            .scratchBytes = plan.bytesScratch,
            .hostBytes = plan.bytesHost(),
            .availableBytes = plan.bytesAvailable,
            .fits = plan.fits,
            .verdict = plan.verdict,
            .expectedTokensPerSecond = plan.expectedTokensPerSecond,
            .diskBytes = plan.bytesOf(Place::Disk),
            .experts = plan.experts,
            .expertsOnDevice = plan.expertsOnDevice,
            .hostLayers = plan.hostLayers,
            .warning = plan.warning};
}

} // namespace ponder::inference
