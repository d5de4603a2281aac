#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "inference/device_plan.h"
#include "inference/engine.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

std::string matrixPath(const vulkan::DeviceCaps& caps) {
    if (caps.cooperativeMatrix2) return "NV_cooperative_matrix2";
    return caps.cooperativeMatrix ? "KHR_cooperative_matrix" : "plain";
}

nlohmann::ordered_json toJson(const vulkan::DeviceCaps& caps) {
    const auto summary = inference::summarize(caps);
    return {{"id", summary.id},
            {"name", summary.name},
            {"driver", summary.driver},
            {"memory_bytes", summary.memoryBytes},
            {"free_bytes", summary.freeBytes},
            {"software", summary.software},
            {"unified", caps.unified},
            {"drives_display", caps.drivesDisplay},
            {"subgroup_size", caps.subgroupSize},
            {"float16", caps.float16},
            {"integer_dot", caps.integerDot},
            {"matrices", matrixPath(caps)}};
}

} // namespace

Result<void> runDevices(const CommandLine& line) {
    const auto devices = inference::Engine::devices();
    std::string out;
    if (line.json) {
        auto array = nlohmann::ordered_json::array();
        for (const auto& caps : devices) array.push_back(toJson(caps));
        out = array.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    } else if (devices.empty()) {
        out = "No Vulkan device that Ponder can use; it needs a driver with Vulkan 1.2.\n";
    } else {
        for (const auto& caps : devices) {
            const auto summary = inference::summarize(caps);
            out += fmt::format("{:<10} {}{}\n           {}, {} of {} free, matrices: {}\n", summary.id,
                               printable(summary.name), summary.software ? " (software)" : "",
                               printable(summary.driver), formatBytes(summary.freeBytes),
                               formatBytes(summary.memoryBytes), matrixPath(caps));
        }
    }
    RETURN_IF_ERROR(write(out));
    return flush();
}

} // namespace ponder::app::cli
