#pragma once
// The memory plan of a file for one device: what the engine loads by and what `info` and `inspect` show.
// Pure functions of their arguments; any thread.

#include "inference/memory_plan.h"
#include "inference/protocol/messages.h"
#include "inference/vulkan/device_caps.h"
#include "models/gguf_file.h"
#include "models/model_info.h"

namespace ponder::inference {

PlanDevice planDevice(const vulkan::DeviceCaps& caps);

// Of what was asked for: --precise has float32 throughout.
CacheFormat cacheFormat(bool precise, protocol::Cache cache);

// Errors: those of planMemory; InvalidArgument for a cache of 8 bits where there is none.
Result<MemoryPlan> planForDevice(const models::GgufFile& file, const models::Hyperparams& hyperparams,
                                 const vulkan::DeviceCaps& caps, const protocol::LoadOptions& options,
                                 bool prediction = false);

// The same for the window.
protocol::DeviceSummary summarize(const vulkan::DeviceCaps& caps);
protocol::ModelSummary summarize(const models::ModelInfo& info, const std::string& path);
protocol::PlanSummary summarize(const MemoryPlan& plan, const vulkan::DeviceCaps& caps);

} // namespace ponder::inference
