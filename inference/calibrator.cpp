#include "inference/calibrator.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "inference/calibration.h"
#include "inference/kernels/matmul_plan.h"
#include "inference/run_now.h"
#include "inference/tuning.h"
#include "models/base/errors.h"
#include "models/base/log.h"
#include "models/base/text.h"
#include "shaders/embedded.h"

namespace ponder::inference {

namespace {

using kernels::MatMulOverrides;
using kernels::MatMulPlan;
using models::QuantType;
using Clock = std::chrono::steady_clock;

// The most usual format, whose unpacking costs neither least nor most. Mat-vec's matrix is as large as a model's largest, so that
// it is memory that limits it and not how soon a kernel starts; copies are of it too. Mat-mat has a number of smaller ones by turns.
constexpr QuantType kFormat = QuantType::Q4_K;
struct Product {
    uint32_t rows, columns, n;
};
constexpr Product kMatVec{20480, 4096, 1}, kMatMul{4096, 2048, kMatMulTokens};
constexpr uint32_t kHalves = 0x2c2c2c2c; // 0.065 twice, as f16: blocks of finite numbers
constexpr uint32_t kFloat = 0x3f000000;  // 0.5

constexpr double kSeconds = 0.4;                   // of measuring
constexpr double kCompilingSeconds = 2.0;          // before it, where no start has compiled these kernels yet
constexpr double kRunSeconds = 0.008;              // of a submission, also on a GPU that draws the screen
constexpr uint32_t kMostProducts = 100;            // of a submission
constexpr uint32_t kFirstRows = 64, kMoreRows = 8; // a product grows to its size by so many times the rows
constexpr uint32_t kRounds = 5;                    // of which the best counts: clocks rise during the first

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

uint64_t rowBytes(uint32_t columns) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(kFormat);
    return uint64_t{columns} / info.valuesPerBlock * info.bytesPerBlock;
}

constexpr uint64_t kInputBytes = uint64_t{kMatMul.n} * kMatMul.columns * sizeof(float);
constexpr uint64_t kOutputBytes = uint64_t{kMatMul.n} * kMatMul.rows * sizeof(float);
uint64_t weightBytes() { return rowBytes(kMatVec.columns) * kMatVec.rows; }

// A product by one of its paths, and the kernel without which it would go the other.
struct Path {
    double KernelRates::*rate;
    Product product;
    MatMulOverrides overrides;
    std::string_view kernel;
};
constexpr Path kPaths[] = {
    {&KernelRates::integerMatVec, kMatVec, {.integerDot = true}, "matvec_int8_q4_k"},
    {&KernelRates::floatMatVec, kMatVec, {.integerDot = false}, "matvec_q4_k"},
    {&KernelRates::cooperativeMatMul, kMatMul, {.noCooperativeMatrix = false}, "matmul_coopmat_q4_k"},
    {&KernelRates::plainMatMul, kMatMul, {.noCooperativeMatrix = true}, "matmul_q4_k"}};

// One of the things that are measured.
struct Candidate {
    double KernelRates::*rate;
    double unitsOfRow;                       // of what the rate counts, 1e9 or 1e12 of them
    std::unique_ptr<kernels::MatMul> matMul; // null: a copy, which is one row
    uint32_t columns = 0, n = 0;
    uint32_t rows = 1, mostRows = 1; // of a product: for now, and once it has grown
    uint32_t products = 1;           // of a submission
};

class Calibrator {
public:
    Calibrator(vulkan::Context& context, vulkan::KernelRegistry& registry, std::stop_token stop,
               vulkan::CommandRecorder recorder)
        : m_context(context), m_registry(registry), m_stop(std::move(stop)), m_recorder(std::move(recorder)) {
    }

    Result<KernelRates> measure() {
        RETURN_IF_ERROR(allocate());
        RETURN_IF_ERROR(findCandidates());
        RETURN_IF_ERROR(compile());
        m_start = Clock::now();
        for (Candidate& candidate : m_candidates) RETURN_IF_ERROR(grow(candidate));
        for (uint32_t round = 0; round < kRounds; ++round)
            for (Candidate& candidate : m_candidates)
                if (!timeIsUp()) RETURN_IF_ERROR(improve(candidate));
        return m_rates;
    }

private:
    Result<void> allocate();
    Result<void> findCandidates();
    // Finds or makes all pipelines, so that no measurement has that in it.
    Result<void> compile();
    Result<void> record(const Candidate& candidate, uint32_t product);
    // Seconds that a product takes.
    Result<double> run(const Candidate& candidate);
    bool timeIsUp() const { return secondsSince(m_start) > kSeconds; }
    // From a product of few rows, for which there is always time, to the whole one or the last that a submission has time for.
    Result<void> grow(Candidate& candidate);
    Result<void> improve(Candidate& candidate);
    double rateOf(const Candidate& candidate, double seconds) const {
        return candidate.unitsOfRow * candidate.rows / seconds;
    }

    vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    std::stop_token m_stop;
    vulkan::CommandRecorder m_recorder;
    vulkan::Buffer m_weights, m_x, m_y;
    std::vector<Candidate> m_candidates;
    KernelRates m_rates;
    Clock::time_point m_start; // of measuring
};

Result<void> Calibrator::allocate() {
    const uint64_t needed = weightBytes() + kInputBytes + kOutputBytes;
    uint64_t most = 0;
    for (const vulkan::MemoryHeap& heap : m_context.caps().heaps)
        if (heap.deviceLocal) most = std::max(most, heap.budgetBytes);
    if (most < 2 * needed)
        return Error{ErrorCode::OutOfDeviceMemory,
                     fmt::format("it would take {} of the device's memory, which offers {}",
                                 formatBytes(needed), formatBytes(most))};
    const auto make = [&](uint64_t bytes) {
        return vulkan::Buffer::create(m_context, bytes, vulkan::MemoryUse::DeviceLocal, "calibration");
    };
    ASSIGN_OR_RETURN(m_weights, make(weightBytes()));
    ASSIGN_OR_RETURN(m_x, make(kInputBytes));
    ASSIGN_OR_RETURN(m_y, make(kOutputBytes));
    RETURN_IF_ERROR(m_recorder.begin());
    m_recorder.fill(m_weights.view(), kHalves);
    m_recorder.fill(m_x.view(), kFloat);
    RETURN_IF_ERROR(m_recorder.end());
    return runNow(m_context, m_recorder);
}

Result<void> Calibrator::findCandidates() {
    const vulkan::DeviceCaps& caps = m_context.caps();
    m_candidates.push_back(
        {.rate = &KernelRates::copy, .unitsOfRow = 1e-9 * static_cast<double>(weightBytes())});
    for (const Path& path : kPaths) {
        const auto& [rows, columns, n] = path.product;
        MatMulOverrides overrides = path.overrides;
        const MatMulPlan plan = kernels::planMatMul(caps, overrides, kFormat, rows, columns, n, false);
        const bool cooperative = plan.path == MatMulPlan::Path::CooperativeMatrix;
        if (shaders::find(path.kernel).empty() || plan.integers != overrides.integerDot.value_or(false) ||
            cooperative != (n > 1 && !overrides.noCooperativeMatrix))
            continue;
        // The plan of the whole product, however few rows one has.
        overrides.lanesPerRow = plan.lanesPerRow;
        overrides.rowsPerLane = plan.rowsPerLane;
        if (cooperative) {
            overrides.tileRows = plan.tileRows;
            overrides.tileTokens = plan.tileTokens;
            overrides.tileWorkgroup = plan.workgroup;
            overrides.splits = 1; // sums of shares would want as much memory again
        }
        ASSIGN_OR_RETURN(auto matMul,
                         kernels::createMatMul(m_context, m_registry, overrides, false, n, columns));
        const double operations = 2e-12 * n * columns, bytes = 1e-9 * static_cast<double>(rowBytes(columns));
        m_candidates.push_back({.rate = path.rate,
                                .unitsOfRow = n == 1 ? bytes : operations,
                                .matMul = std::move(matMul),
                                .columns = columns,
                                .n = n,
                                .rows = rows,
                                .mostRows = rows});
    }
    return {};
}

Result<void> Calibrator::compile() {
    const auto start = Clock::now();
    const auto ask = [&]() -> Result<void> {
        RETURN_IF_ERROR(m_recorder.begin());
        for (const Candidate& candidate : m_candidates) RETURN_IF_ERROR(record(candidate, 0));
        return m_recorder.end();
    };
    RETURN_IF_ERROR(m_registry.compileTogether(ask));
    RETURN_IF_ERROR(unlessStopped(m_stop));
    if (secondsSince(start) > kCompilingSeconds)
        return Error{ErrorCode::DeviceTooLimited,
                     fmt::format("compiling its kernels took more than {} s, the next load goes on with it",
                                 kCompilingSeconds)};
    return {};
}

Result<void> Calibrator::record(const Candidate& candidate, uint32_t product) {
    if (!candidate.matMul) {
        const uint64_t half = m_weights.sizeBytes() / 2;
        m_recorder.copy(m_weights.view().part(0, half), m_weights.view().part(half, half));
        return {};
    }
    kernels::Weight weight;
    weight.type = kFormat;
    weight.rows = candidate.rows;
    weight.columns = candidate.columns;
    weight.rowBytes = rowBytes(candidate.columns);
    const uint64_t bytes = weight.rowBytes * candidate.mostRows;
    weight.segments = {
        {0, weight.rows, m_weights.address() + product % (m_weights.sizeBytes() / bytes) * bytes}};
    const kernels::MatMulArgs args{.weight = &weight,
                                   .x = m_x.view(),
                                   .xStride = candidate.columns,
                                   .y = m_y.view(),
                                   .yStride = candidate.rows,
                                   .n = candidate.n,
                                   // As a stage that makes x leaves it.
                                   .prepared = product > 0 ? candidate.matMul->prepared(weight, candidate.n)
                                                           : kernels::Prepared{}};
    return candidate.matMul->record(m_recorder, {&args, 1});
}

Result<double> Calibrator::run(const Candidate& candidate) {
    RETURN_IF_ERROR(unlessStopped(m_stop));
    RETURN_IF_ERROR(m_recorder.begin());
    m_recorder.mark("first");
    RETURN_IF_ERROR(record(candidate, 0));
    m_recorder.barrier("first product");
    m_recorder.mark("timed");
    for (uint32_t product = 1; product <= candidate.products; ++product) {
        RETURN_IF_ERROR(record(candidate, product));
        m_recorder.barrier("next product");
    }
    RETURN_IF_ERROR(m_recorder.end());
    const auto start = Clock::now();
    RETURN_IF_ERROR(runNow(m_context, m_recorder));
    const double host = secondsSince(start);
    ASSIGN_OR_RETURN(const auto stages, m_recorder.timestamps());
    // A counter of few bits may have begun anew, and some devices have none.
    const double device = stages.size() == 2 ? 1e-6 * stages[1].microseconds : 0;
    return device > 0 && device < host ? device / candidate.products : host / (candidate.products + 1);
}

Result<void> Calibrator::grow(Candidate& candidate) {
    candidate.rows = std::min(kFirstRows, candidate.mostRows);
    for (;;) {
        ASSIGN_OR_RETURN(const double seconds, run(candidate));
        m_rates.*candidate.rate = rateOf(candidate, seconds);
        candidate.products =
            static_cast<uint32_t>(std::clamp(kRunSeconds / seconds, 1.0, double{kMostProducts}));
        if (candidate.rows == candidate.mostRows || candidate.products < kMoreRows || timeIsUp()) return {};
        candidate.products = 1;
        candidate.rows = std::min(candidate.rows * kMoreRows, candidate.mostRows);
    }
}

Result<void> Calibrator::improve(Candidate& candidate) {
    ASSIGN_OR_RETURN(const double seconds, run(candidate));
    double& rate = m_rates.*candidate.rate;
    rate = std::max(rate, rateOf(candidate, seconds));
    return {};
}

Result<KernelRates> measureRates(vulkan::Context& context, vulkan::KernelRegistry& registry,
                                 const std::stop_token& stop) {
    ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(context, "calibration", true));
    return Calibrator(context, registry, stop, std::move(recorder)).measure();
}

} // namespace

CalibratorOptions calibratorOptionsOfTuning(const vulkan::DeviceCaps& caps) {
    const Tuning& t = tuning();
    const bool wanted = t.selfTest.value_or(!caps.software);
    // Who orders kernels of another kind has others measured than the next start would use.
    return {.when = !wanted      ? Calibrate::Never
                    : t.selfTest ? Calibrate::Always
                                 : Calibrate::Once,
            .folder = t.cacheFolder,
            .record = !t.noCooperativeMatrix && t.subgroupSize == 0,
            .stop = {}};
}

Result<void> calibrate(vulkan::Context& context, vulkan::KernelRegistry& registry,
                       const CalibratorOptions& options) {
    if (options.when == Calibrate::Never) return {};
    const vulkan::DeviceCaps& caps = context.caps();
    const bool recorded = options.record && !options.folder.empty();
    if (options.when == Calibrate::Once) {
        if (const auto known = readCalibration(options.folder, caps)) {
            context.prefer(known->paths);
            return {};
        }
        if (!recorded) return {};
    }
    const auto rates = measureRates(context, registry, options.stop);
    if (!rates) {
        if (rates.error().code == ErrorCode::DeviceLost) return rates.error();
        log(LogLevel::Info, LogCategory::Engine, "no self-test of {}: {}", caps.id, rates.error().message);
        return {};
    }
    const Calibration found{*rates, choosePaths(caps, *rates)};
    log(LogLevel::Info, LogCategory::Engine, "self-test of {}: {}", caps.id, rates->describe());
    if (const std::string slow = slowDriver(caps, *rates); !slow.empty())
        log(LogLevel::Warning, LogCategory::Engine, "{}", slow);
    if (recorded)
        if (const auto written = writeCalibration(options.folder, caps, found); !written)
            log(LogLevel::Info, LogCategory::Engine, "{}", written.error().message);
    context.prefer(found.paths);
    return {};
}

} // namespace ponder::inference
