#include "inference/device_plan.h"

#include <algorithm>

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

// A device that draws the screen keeps to short submissions.
uint32_t streamedRows(const vulkan::DeviceCaps& caps) {
    const bool can = !caps.unified && caps.hostImportAlignment > 0;
    if (!(tuning().expertStream ? *tuning().expertStream > 0 : can)) return 0;
    return caps.drivesDisplay ? kPrefillRows : kStreamedRows;
}

bool bringsLayers(const vulkan::DeviceCaps& caps) {
    return caps.hostImportAlignment > 0 && caps.hostImportAlignment <= cpu::kHostPage &&
           (tuning().layerStream ? *tuning().layerStream > 0 : !caps.unified);
}

} // namespace

PlanDevice planDevice(const vulkan::DeviceCaps& caps) {
    PlanDevice device;
    device.name = caps.name;
    device.unified = caps.unified;
    device.gigabytesPerSecond = expectedBandwidth(caps);
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
    return planMemory({.hyperparams = hyperparams,
                       .tensors = file.tensors(),
                       .devices = {&device, 1},
                       .host = host,
                       .context = options.context,
                       .precise = options.precise,
                       .prediction = prediction,
                       .deviceBudgetBytes = cpu ? options.ramBudget : options.vramBudget,
                       .hostBudgetBytes = options.ramBudget,
                       .experts = expertPlaces(options.experts)});
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
