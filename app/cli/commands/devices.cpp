#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands/commands.h"
#include "app/cli/io.h"
#include "inference/calibration.h"
#include "inference/device_plan.h"
#include "inference/engine.h"
#include "inference/tuning.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

bool isCpu(const vulkan::DeviceCaps& caps) { return caps.id == "cpu"; }

std::string matrixPath(const vulkan::DeviceCaps& caps) {
    if (caps.cooperativeMatrix2) return "NV_cooperative_matrix2";
    return caps.cooperativeMatrix ? "KHR_cooperative_matrix" : "plain";
}

nlohmann::ordered_json toJson(const vulkan::DeviceCaps& caps) {
    const auto summary = inference::summarize(caps);
    nlohmann::ordered_json json = {{"id", summary.id},
                                   {"name", summary.name},
                                   {"driver", summary.driver},
                                   {"memory_bytes", summary.memoryBytes},
                                   {"free_bytes", summary.freeBytes},
                                   {"software", summary.software},
                                   {"unified", caps.unified}};
    if (isCpu(caps)) return json;
    json["drives_display"] = caps.drivesDisplay;
    json["subgroup_size"] = caps.subgroupSize;
    json["float16"] = caps.float16;
    json["integer_dot"] = caps.integerDot;
    json["matrices"] = matrixPath(caps);
    if (const auto found = inference::readCalibration(inference::tuning().cacheFolder, caps)) {
        nlohmann::ordered_json& measured = json["measured"];
        for (const auto& [name, rate] : inference::kRateFields)
            if (found->rates.*rate > 0) measured[name] = found->rates.*rate;
        for (const auto& [name, path] : inference::kPathFields)
            if (found->paths.*path) measured[name] = *(found->paths.*path);
        measured["warning"] = inference::slowDriver(caps, found->rates);
    }
    return json;
}

// What the self-test measured, if it did.
std::string measuredText(const vulkan::DeviceCaps& caps) {
    const auto found = inference::readCalibration(inference::tuning().cacheFolder, caps);
    if (!found) return {};
    const std::string slow = inference::slowDriver(caps, found->rates);
    return fmt::format("           measured: {}\n", found->rates.describe()) +
           (slow.empty() ? "" : fmt::format("           {}\n", slow));
}

std::string asText(const vulkan::DeviceCaps& caps) {
    const auto summary = inference::summarize(caps);
    return fmt::format("{:<10} {}{}\n           {}, {} of {} free{}\n{}", summary.id, printable(summary.name),
                       summary.software && !isCpu(caps) ? " (software)" : "", printable(summary.driver),
                       formatBytes(summary.freeBytes), formatBytes(summary.memoryBytes),
                       isCpu(caps) ? "" : ", matrices: " + matrixPath(caps), measuredText(caps));
}

} // namespace

Result<void> runDevices(const CommandLine& line) {
    const auto devices = inference::Engine::devices();
    std::string out;
    if (line.json) {
        auto array = nlohmann::ordered_json::array();
        for (const auto& caps : devices) array.push_back(toJson(caps));
        out = array.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    } else {
        for (const auto& caps : devices) out += asText(caps);
        if (devices.size() == 1)
            out +=
                "No Vulkan device that Ponder can use: a graphics card needs its driver, with Vulkan 1.2.\n";
        out += fmt::format("Used unless --device names another: {}\n", devices.front().id);
    }
    RETURN_IF_ERROR(write(out));
    return flush();
}

} // namespace ponder::app::cli
