#include <cstdio>
#include <iterator>
#include <optional>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "app/cli/statistics.h"
#include "inference/device_rates.h"
#include "models/base/errors.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Measured {
    std::vector<double> prefill, generate; // tokens/s
    std::vector<double> gigabytesPerSecond, hostMicroseconds;
    std::vector<double> expertDeviceShare, distinctExperts;
    uint64_t bytesPerToken = 0;

    void add(const inference::BenchResult& run, const CommandLine& line) {
        const double batch = line.benchBatch;
        if (run.prefillSeconds > 0 && line.benchPrompt > 0)
            prefill.push_back(batch * line.benchPrompt / run.prefillSeconds);
        if (run.generateSeconds > 0 && line.benchGenerate > 0) {
            const double rate = batch * line.benchGenerate / run.generateSeconds;
            generate.push_back(rate);
            gigabytesPerSecond.push_back(rate * static_cast<double>(run.bytesPerToken) / 1e9);
            hostMicroseconds.push_back(run.hostMicrosecondsPerToken);
            expertDeviceShare.push_back(run.expertDeviceShare);
            distinctExperts.push_back(run.distinctExperts);
            bytesPerToken = run.bytesPerToken;
        }
    }
};

// A hit rate means something only beside this: random weights fed their own output fall into loops that flatter a cache.
double residentShare(const inference::MemoryPlan& plan) {
    return static_cast<double>(plan.expertsOnDevice) / plan.experts;
}

Json spreadJson(const std::vector<double>& values) {
    const Spread spread = spreadOf(values);
    return {{"median", spread.median}, {"min", spread.least}, {"max", spread.greatest}};
}

std::string spreadText(const std::vector<double>& values, std::string_view unit, int decimals) {
    const Spread spread = spreadOf(values);
    return fmt::format("{:.{}f} {} ({:.{}f} to {:.{}f})", spread.median, decimals, unit, spread.least,
                       decimals, spread.greatest, decimals);
}

Json asJson(const inference::Engine& engine, const Measured& measured, const CommandLine& line,
            std::optional<double> bandwidth) {
    Json json = {{"device", engine.device().name},
                 {"driver", engine.device().driver},
                 {"kernels", engine.kernelSummary()},
                 {"file", line.file},
                 {"load_seconds", engine.loadSeconds()},
                 {"loaded_bytes", engine.loadedBytes()},
                 {"prompt", line.benchPrompt},
                 {"generate", line.benchGenerate},
                 {"depth", line.benchDepth},
                 {"batch", line.benchBatch},
                 {"repeat", line.benchRepeat}};
    if (!measured.prefill.empty()) json["prefill_tokens_per_second"] = spreadJson(measured.prefill);
    if (!measured.generate.empty()) {
        json["tokens_per_second"] = spreadJson(measured.generate);
        json["gigabytes_per_second"] = spreadJson(measured.gigabytesPerSecond);
        if (bandwidth)
            json["percent_of_bandwidth"] = 100 * spreadOf(measured.gigabytesPerSecond).median / *bandwidth;
        json["host_microseconds_per_token"] = spreadJson(measured.hostMicroseconds);
        json["bytes_per_token"] = measured.bytesPerToken;
        if (const auto& plan = engine.plan(); plan.experts > 0) {
            json["expert_resident_share"] = residentShare(plan);
            json["expert_device_share"] = spreadJson(measured.expertDeviceShare);
            json["distinct_experts_per_layer"] = spreadJson(measured.distinctExperts);
        }
    }
    return json;
}

std::string asText(const inference::Engine& engine, const Measured& measured, const CommandLine& line,
                   std::optional<double> bandwidth) {
    std::string out = engine.kernelSummary() + "\n";
    const auto row = [&](std::string_view label, std::string_view value) {
        out += fmt::format("{:<10}{}\n", label, value);
    };
    row("Load", fmt::format("{:.2f} s, {}", engine.loadSeconds(), formatBytes(engine.loadedBytes())));
    if (!measured.prefill.empty())
        row("Prefill", spreadText(measured.prefill, "tokens/s", 1) +
                           fmt::format(", {} tokens at depth {}", line.benchPrompt, line.benchDepth));
    if (!measured.generate.empty()) {
        row("Generate", spreadText(measured.generate, "tokens/s", 2) +
                            fmt::format(", {} tokens at depth {}", line.benchGenerate,
                                        uint64_t{line.benchDepth} + line.benchPrompt));
        row("Memory",
            spreadText(measured.gigabytesPerSecond, "GB/s", 1) +
                (bandwidth ? fmt::format(", {:.1f}% of {:.0f}",
                                         100 * spreadOf(measured.gigabytesPerSecond).median / *bandwidth,
                                         *bandwidth)
                           : std::string(", the device's bandwidth is not known")) +
                fmt::format("; {} bytes a token", formatCount(measured.bytesPerToken)));
        row("Host", spreadText(measured.hostMicroseconds, "µs a token", 1));
        if (const auto& plan = engine.plan(); plan.experts > 0) {
            row("Experts", spreadText(measured.expertDeviceShare, "of those chosen were on the device", 3) +
                               fmt::format(", which holds {:.3f} of all", residentShare(plan)));
            if (spreadOf(measured.distinctExperts).greatest > 0) // a device that has all alone does not count
                row("", spreadText(measured.distinctExperts, "different ones a layer", 1));
        }
    }
    return out;
}

} // namespace

Result<void> runBench(const CommandLine& line) {
    Interrupt interrupt;
    CommandLine load = line; // no more context than it takes, unless asked for
    if (load.load.context == 0) {
        const uint64_t tokens = uint64_t{line.benchDepth} + line.benchPrompt + line.benchGenerate;
        load.load.context = inference::benchContext(tokens, line.benchBatch);
    }
    ASSIGN_OR_RETURN(const auto engine, loadModel(load, interrupt.token()));
    Measured measured;
    for (uint32_t run = 0; run <= line.benchRepeat; ++run) { // the first warms up
        ASSIGN_OR_RETURN(const auto result, engine->bench(line.benchPrompt, line.benchGenerate,
                                                          line.benchDepth, line.benchBatch, /*seed=*/run));
        if (interrupt.requested()) return stopped();
        if (run > 0) measured.add(result, line);
    }
    const auto bandwidth = inference::publishedBandwidth(engine->device().name);
    RETURN_IF_ERROR(write(line.json ? asJson(*engine, measured, line, bandwidth)
                                              .dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
                                          "\n"
                                    : asText(*engine, measured, line, bandwidth)));
    return flush();
}

} // namespace ponder::app::cli
