#pragma once
// Every switch for debugging, testing and overriding choices, parsed once from the environment (PONDER_…) and listed in
// tuning.cpp with what it does. Nothing else reads the environment in models/ and inference/. Immutable; any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "models/base/log.h"

namespace ponder::inference {

struct Tuning {
    bool validation = false; // PONDER_VALIDATION=1: Vulkan validation with synchronization validation
    // PONDER_DEVICE=vulkan|vulkan:0|cpu: what is used where no device is named; "vulkan" is the best of Vulkan's, software
    // too. Default: a real Vulkan device, else the CPU
    std::string device;
    std::string cacheFolder; // PONDER_CACHE_DIR; default $XDG_CACHE_HOME/ponder or ~/.cache/ponder; "-": none
    // PONDER_NO_COOPMAT=0|1: cooperative matrices wherever the device has them, or plain matrix kernels. Default: where it has
    // them and the self-test did not find the plain ones faster
    bool noCooperativeMatrix = false, anyCooperativeMatrix = false;
    // PONDER_INTEGER_DOT=0|1: mat-vec with products of int8 never, or wherever the device has dot products of integers at all.
    // Default: what the self-test found faster, else where it has them accelerated
    std::optional<bool> integerDot;
    // PONDER_SELF_TEST=0|1: what the device's kernels reach is never measured, nor heeded where it was, or it is at every load, on
    // software devices too. Default: at the first load with this driver and these kernels, if the device is no software and
    // there is a cache folder for the record
    std::optional<bool> selfTest;
    uint32_t subgroupSize = 0; // PONDER_SUBGROUP: required size, where the device allows it
    // PONDER_FAIL_VULKAN_CALL=N[:lost|:device_memory|:host_memory]: the Nth call of a context fails, once in the
    // process, as lost if nothing is said
    uint64_t failVulkanCall = 0;
    std::string failVulkanResult;
    uint64_t maxArenaBytes = 0; // PONDER_MAX_ARENA: smaller arenas, to test tensors that span them
    // PONDER_PREFILL_CHUNK: tokens a chunk, more than 512 only of models that the device has alone
    uint32_t prefillChunk = 0;
    // PONDER_DECODE_PARTS: parts of the keys at most, where attention is of one token
    uint32_t decodeParts = 0;
    // PONDER_LOAD_DIRECT=N: of the threads that load weights N read straight into mapped device memory, the others through a
    // ring. Default: half of them where the device has memory of its own, else all
    std::optional<uint32_t> directThreads;
    // PONDER_SPIN: microseconds that the host asks for a hand-over before it sleeps; default: a millisecond for a device with
    // memory of its own, else none
    std::optional<uint32_t> spinMicroseconds;
    // PONDER_EXPERT_CACHE=0|1|restless: experts on a device are exchanged by use never, or even where it shares the host's
    // memory; restless: for the least reason, to test it
    std::optional<bool> expertCache;
    bool restlessExperts = false;
    // PONDER_EXPERT_LINK=N|measured: of a token's experts that are not on the device it reads at most N from host memory itself,
    // or as many as measured rates say. Default: measured where the device has memory of its own, else none
    std::optional<uint32_t> expertLink;
    bool expertLinkMeasured = false;
    // PONDER_EXPERT_STREAM=N: in passes of several tokens all experts that are missing come over that link, N at a time, to test
    // it; 0: none. Default: as many as measured rates say
    std::optional<uint32_t> expertStream;
    // PONDER_LAYER_STREAM=N: passes of at least N tokens have the CPU's layers brought over to the device, to test it; 0: none.
    // Default: those for which measured rates say that it is sooner, where the device has memory of its own
    std::optional<uint32_t> layerStream;
    bool profile = false; // PONDER_PROFILE=1: timestamps of every stage on standard error
    // PONDER_LOG=debug|info|warning|error|off: the least that is said on standard error; the programs set it when they start
    LogLevel logLevel = LogLevel::Warning;
};

const Tuning& tuning();                             // of this process
Tuning parseTuning(const char* const* environment); // pure, for tests

} // namespace ponder::inference
