// Times the matrix kernels on random weights in the shapes of a 7B model, or a 14B one: microseconds, GB/s of weights, TFLOP/s.
//
//   bench_kernels [--device vulkan:0] [--formats Q4_K,Q6_K | all] [--tokens 1,8] [--model 14b] [--sweep] [--quick]
//
// Weights rotate through half a gigabyte, so that no cache holds them; a barrier follows every product, as in a model; times are
// medians of device timestamps, after the device was kept busy for a while. Mat-vec runs with products of int8,
// where the device has them, and with float32 ones beside. --sweep tries every row of the plan's table.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "inference/kernels/matmul_plan.h"
#include "inference/vulkan/command_recorder.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using kernels::MatMulOverrides;
using models::QuantType;

namespace {

struct Options {
    std::string device;
    std::vector<QuantType> formats{QuantType::Q4_K, QuantType::Q6_K, QuantType::Q8_0, QuantType::F16};
    std::vector<uint32_t> tokens{1, 2, 4, 8, 64, 512, 2048};
    std::string model = "7b";
    bool sweep = false, quick = false;
};

struct Shape {
    uint32_t rows, columns;
};
struct Model { // a distill's width, keys' rows, feed-forward and vocabulary
    const char* name;
    uint32_t width, keys, feedForward, vocabulary;
    std::vector<Shape> shapes() const {
        return {
            {width, width}, {keys, width}, {feedForward, width}, {width, feedForward}, {vocabulary, width}};
    }
};
constexpr Model kModels[] = {{"1.5b", 1536, 256, 8960, 151936},  {"7b", 3584, 512, 18944, 152064},
                             {"8b", 4096, 1024, 14336, 128256},  {"14b", 5120, 1024, 13824, 152064},
                             {"32b", 5120, 1024, 27648, 152064}, {"70b", 8192, 1024, 28672, 128256}};
const Model* modelOf(const std::string& name) {
    const auto* found = std::find_if(std::begin(kModels), std::end(kModels),
                                     [&](const Model& model) { return model.name == name; });
    return found == std::end(kModels) ? nullptr : found;
}
constexpr uint32_t kMaxTokens = 2048, kMaxColumns = 28672;

// Ends the program with the error's message: a benchmark has nobody to pass it to.
template <typename T>
T need(Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "bench_kernels: %s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(result).value();
}
void need(const Result<void>& result) {
    if (!result.ok()) {
        std::fprintf(stderr, "bench_kernels: %s\n", result.error().message.c_str());
        std::exit(1);
    }
}

class Bench {
public:
    Bench(vulkan::Context& context, vulkan::KernelRegistry& registry, const Options& options)
        : m_context(context), m_registry(registry), m_options(options),
          m_recorder(need(vulkan::CommandRecorder::create(context, "bench", true))),
          m_x(buffer(uint64_t{kMaxTokens} * kMaxColumns * 4)), m_y(buffer(outputBytes())) {
        std::vector<float> x(uint64_t{kMaxColumns} * 64);
        std::mt19937 random(1);
        std::uniform_real_distribution<float> uniform(-1, 1);
        for (float& value : x) value = uniform(random);
        fill(m_x, std::as_bytes(std::span(x)));
    }

    void format(QuantType type) {
        for (const Shape shape : modelOf(m_options.model)->shapes()) {
            if (m_options.quick && shape.rows > 100000) continue;
            prepare(type, shape);
            for (const uint32_t n : m_options.tokens) {
                if (n <= kernels::kMatVecTokens) {
                    measureVectors(n);
                    continue;
                }
                if (uint64_t{n} * shape.rows * 4 > m_y.sizeBytes() || (n != 512 && m_options.quick)) continue;
                measure(n, {}, "");
                if (!m_options.sweep || !m_context.caps().cooperativeMatrix) continue;
                for (const Shape tile : {Shape{128, 128}, Shape{128, 64}, Shape{64, 64}, Shape{64, 32}})
                    measure(n, {.tileRows = tile.rows, .tileTokens = tile.columns},
                            fmt("tile %u x %u", tile.rows, tile.columns));
                for (const uint32_t splits : {1u, 2u, 3u, 4u, 6u, 8u})
                    measure(n, {.splits = splits}, "splits");
            }
        }
    }

private:
    void measureVectors(uint32_t n) {
        if (n > 1 && m_options.quick) return;
        if (m_weights.size() > 1 && planOf(n, {}).integers) measureGated(n);
        if (n == 1 && planOf(n, {}).integers) measureResidual();
        measure(n, {}, "");
        if (planOf(n, {}).integers) measure(n, {.integerDot = false}, "");
        if (!m_options.sweep) return;
        for (const uint32_t lanes : {32u, 64u, 96u, 128u, 192u, 256u})
            for (const uint32_t rows : {1u, 2u, 4u})
                measure(n, {.lanesPerRow = lanes, .rowsPerLane = rows}, fmt("lanes %u rows %u", lanes, rows));
    }
    // Both products of a gated feed-forward with their activation, one step.
    void measureGated(uint32_t n) {
        measureGated(n, {}, "");
        if (!m_options.sweep) return;
        for (const uint32_t lanes : {32u, 64u})
            for (const uint32_t rows : {1u, 2u, 4u})
                for (const uint32_t workgroup : {64u, 128u, 256u})
                    measureGated(n, {.lanesPerRow = lanes, .rowsPerLane = rows, .gatedWorkgroup = workgroup},
                                 "  sweep");
    }
    void measureGated(uint32_t n, const MatMulOverrides& overrides, const char* note) {
        const auto matMul =
            need(kernels::createMatMul(m_context, m_registry, overrides, false, kMaxTokens, kMaxColumns));
        const kernels::Weight& weight = m_weights.front();
        const auto plan = kernels::planGated(m_context.caps(), overrides, weight.type, weight.rows,
                                             weight.columns, n, false);
        if (!plan.integers) return;
        timeSteps(n, 2, plan, "gated", note, [&] {
            const kernels::Weight& gate = m_weights[m_next++ % m_weights.size()];
            const kernels::Weight& up = m_weights[m_next++ % m_weights.size()];
            need(matMul->recordGated(m_recorder, gate, up, matMul->prepared(gate, n).rounded, n));
        });
    }
    // Steps of so many matrices each, one behind the other.
    template <typename Record>
    void timeSteps(uint32_t n, uint32_t matrices, const kernels::MatMulPlan& plan, const char* name,
                   const char* note, const Record& record) {
        const auto run = [&](uint32_t steps) {
            need(m_recorder.begin());
            m_recorder.mark("timed");
            for (uint32_t i = 0; i < steps; ++i) {
                record();
                m_recorder.barrier("next product");
            }
            submit();
            const auto times = need(m_recorder.timestamps());
            return times.empty() ? 0 : times[0].microseconds / steps;
        };
        const double first = run(1);
        const double length = *note ? 6e3 : 2e4; // microseconds a run
        const auto steps = static_cast<uint32_t>(std::clamp(length / std::max(first, 1.0), 1.0, 1000.0));
        std::vector<double> times;
        for (int i = 0; i < (m_options.quick ? 1 : 4); ++i) times.push_back(run(steps));
        std::sort(times.begin(), times.end());
        const kernels::Weight& weight = m_weights.front();
        const double time = times[times.size() / 2],
                     bytes = matrices * static_cast<double>(weight.sizeBytes());
        std::printf("%-8s %6u x %-6u %5u %-8s %10.1f us (%.1f-%.1f)  %8.1f GB/s  lanes %u rows %u "
                    "workgroup %u%s\n",
                    models::quantTypeInfo(weight.type).name.data(), weight.rows, weight.columns, n, name,
                    time, times.front(), times.back(), bytes / time * 1e-3, plan.lanesPerRow,
                    plan.rowsPerLane, plan.workgroup, note);
        std::fflush(stdout);
    }
    // A product that completes a residual and takes over the norm behind it.
    void measureResidual() {
        measureResidual({.takesNorms = true}, "");
        if (!m_options.sweep) return;
        for (const uint32_t lanes : {32u, 64u, 128u, 256u})
            for (const uint32_t rows : {1u, 2u, 4u})
                for (const uint32_t workgroup : {128u, 256u, 512u, 1024u})
                    if (workgroup >= lanes && workgroup / lanes * rows <= 16)
                        measureResidual({.lanesPerRow = lanes,
                                         .rowsPerLane = rows,
                                         .gatedWorkgroup = workgroup,
                                         .takesNorms = true},
                                        "  sweep");
    }
    void measureResidual(const MatMulOverrides& overrides, const char* note) {
        const auto matMul =
            need(kernels::createMatMul(m_context, m_registry, overrides, false, kMaxTokens, kMaxColumns));
        const kernels::Weight& weight = m_weights.front();
        const auto plan = kernels::planResidual(m_context.caps(), overrides, weight.type, weight.rows,
                                                weight.columns, false);
        if (!plan.integers) return;
        timeSteps(1, 1, plan, "residual", note, [&] {
            const kernels::Weight& down = m_weights[m_next++ % m_weights.size()];
            const kernels::MatMulArgs args{.weight = &down,
                                           .x = m_x.view(),
                                           .xStride = down.columns,
                                           .y = m_y.view(),
                                           .yStride = down.rows,
                                           .n = 1,
                                           .accumulate = true,
                                           .prepared = matMul->prepared(down, 1)};
            need(matMul->recordWithNorm(m_recorder, args, m_x.address(), 1e-6f));
        });
    }
    kernels::MatMulPlan planOf(uint32_t n, const MatMulOverrides& overrides) const {
        const kernels::Weight& weight = m_weights.front();
        return kernels::planMatMul(m_context.caps(), overrides, weight.type, weight.rows, weight.columns, n,
                                   false);
    }
    static std::string fmt(const char* format, uint32_t a, uint32_t b) {
        char text[64];
        std::snprintf(text, sizeof text, format, a, b);
        return text;
    }
    uint64_t outputBytes() const {
        return std::min<uint64_t>(m_context.caps().maxStorageRange, uint64_t{kMaxTokens} * 28672 * 4);
    }
    vulkan::Buffer buffer(uint64_t bytes) {
        bytes = std::min<uint64_t>(bytes, m_context.caps().maxStorageRange);
        return need(vulkan::Buffer::create(m_context, bytes, vulkan::MemoryUse::DeviceLocal, "bench"));
    }
    void submit() {
        need(m_recorder.end());
        need(m_context.wait(need(m_context.submit({m_recorder.handle()}))));
    }
    // The bytes over and over until the buffer is full.
    void fill(const vulkan::Buffer& into, std::span<const std::byte> bytes) {
        const auto staging =
            need(vulkan::Buffer::create(m_context, bytes.size(), vulkan::MemoryUse::Upload, "bench upload"));
        std::memcpy(staging.mapped().data(), bytes.data(), bytes.size());
        need(m_recorder.begin());
        for (uint64_t at = 0; at < into.sizeBytes(); at += bytes.size())
            m_recorder.copy(staging.view(),
                            into.view().part(at, std::min<uint64_t>(bytes.size(), into.sizeBytes() - at)));
        submit();
    }

    void prepare(QuantType type, Shape shape) {
        const models::QuantTypeInfo& info = models::quantTypeInfo(type);
        m_weights.clear();
        m_memory = {};
        const uint64_t rowBytes = uint64_t{shape.columns} / info.valuesPerBlock * info.bytesPerBlock;
        const uint64_t bytes = (rowBytes * shape.rows + 255) / 256 * 256;
        const uint64_t total = m_options.quick ? bytes : std::max<uint64_t>(bytes, 512u << 20);
        m_memory = need(vulkan::Buffer::create(m_context, total / bytes * bytes,
                                               vulkan::MemoryUse::DeviceLocal, "weights"));
        std::mt19937 random(2);
        const std::vector<uint8_t> blocks =
            reference::randomBlocks(type, uint64_t{shape.columns} * 64, 0.05f, random);
        fill(m_memory, std::as_bytes(std::span(blocks)));
        for (uint64_t at = 0; at + bytes <= m_memory.sizeBytes(); at += bytes) {
            kernels::Weight weight;
            weight.type = type;
            weight.rows = shape.rows;
            weight.columns = shape.columns;
            weight.rowBytes = rowBytes;
            weight.segments = {{0, shape.rows, m_memory.address() + at}};
            m_weights.push_back(weight);
        }
    }

    // rounded: x has been left so before, as a stage that makes x does.
    double microseconds(kernels::MatMul& matMul, uint32_t n, uint32_t products, bool barriers, bool rounded) {
        const auto record = [&](uint32_t count, bool again) {
            for (uint32_t i = 0; i < count; ++i) {
                const kernels::Weight& weight = m_weights[m_next++ % m_weights.size()];
                const kernels::MatMulArgs args{.weight = &weight,
                                               .x = m_x.view(),
                                               .xStride = weight.columns,
                                               .y = m_y.view(),
                                               .yStride = weight.rows,
                                               .n = n,
                                               .prepared =
                                                   again ? matMul.prepared(weight, n) : kernels::Prepared{}};
                need(matMul.record(m_recorder, {&args, 1}));
                if (barriers) m_recorder.barrier("next product");
            }
        };
        need(m_recorder.begin());
        m_recorder.mark("before");
        record(1, false);
        m_recorder.barrier("warm");
        m_recorder.mark("timed");
        record(products, rounded);
        submit();
        const auto times = need(m_recorder.timestamps());
        return times.size() < 2 ? 0 : times[1].microseconds / products;
    }

    void measure(uint32_t n, const MatMulOverrides& overrides, const std::string& note) {
        const auto matMul =
            need(kernels::createMatMul(m_context, m_registry, overrides, false, kMaxTokens, kMaxColumns));
        const kernels::Weight& weight = m_weights.front();
        const auto plan = planOf(n, overrides);
        const bool matVec = plan.path == kernels::MatMulPlan::Path::MatVec;
        const double first = microseconds(*matMul, n, 1, true, matVec);
        const double length = !note.empty() ? 6e3 : m_options.quick ? 2e4 : 6e4; // microseconds a run
        const auto products = static_cast<uint32_t>(std::clamp(length / std::max(first, 1.0), 1.0, 1000.0));
        std::vector<double> times;
        for (int i = 0; i < (m_options.quick ? 1 : 4); ++i)
            times.push_back(microseconds(*matMul, n, products, true, matVec));
        times.erase(times.begin()); // the clock rises during the first
        if (times.empty()) times.push_back(microseconds(*matMul, n, products, true, matVec));
        std::sort(times.begin(), times.end());
        const double time = times[times.size() / 2];
        const double free =
            matVec && n == 1 && note.empty() ? microseconds(*matMul, n, products, false, true) : 0;
        const double bytes = static_cast<double>(weight.sizeBytes());
        std::printf("%-8s %6u x %-6u %5u tokens  %10.1f us (%.1f-%.1f)  %8.1f GB/s",
                    models::quantTypeInfo(weight.type).name.data(), weight.rows, weight.columns, n, time,
                    times.front(), times.back(), bytes / time * 1e-3);
        if (free > 0) std::printf(" (%.1f without barriers)", bytes / free * 1e-3);
        std::printf("  %7.2f TFLOP/s  ", 2e-6 * n * weight.rows * weight.columns / time);
        if (matVec)
            std::printf("%s lanes %u rows %u", plan.integers ? "int8" : "f32", plan.lanesPerRow,
                        plan.rowsPerLane);
        else
            std::printf("%s %u x %u splits %u",
                        plan.path == kernels::MatMulPlan::Path::Plain ? "plain" : "coopmat", plan.tileRows,
                        plan.tileTokens, plan.splits);
        std::printf("%s%s\n", note.empty() ? "" : "  sweep: ", note.c_str());
        std::fflush(stdout);
    }

    vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    Options m_options;
    vulkan::CommandRecorder m_recorder;
    vulkan::Buffer m_x, m_y, m_memory;
    std::vector<kernels::Weight> m_weights;
    size_t m_next = 0;
};

bool parse(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        if (arg == "--sweep")
            options.sweep = true;
        else if (arg == "--quick")
            options.quick = true;
        else if (arg == "--model" && i + 1 < argc) {
            options.model = argv[++i];
            if (!modelOf(options.model)) return false;
        } else if (arg == "--tokens" && i + 1 < argc) {
            options.tokens.clear();
            for (const char* text = argv[++i]; *text;) {
                char* end = nullptr;
                const unsigned long n = std::strtoul(text, &end, 10);
                if (end == text || n < 1 || n > kMaxTokens) return false;
                options.tokens.push_back(static_cast<uint32_t>(n));
                text = *end == ',' ? end + 1 : end;
            }
        } else if (arg == "--device" && i + 1 < argc)
            options.device = argv[++i];
        else if (arg == "--formats" && i + 1 < argc) {
            options.formats.clear();
            std::string list = std::string(argv[++i]) + ",";
            if (list == "all,")
                for (const auto& info : models::allQuantTypes()) options.formats.push_back(info.type);
            else
                for (size_t at = 0, comma; (comma = list.find(',', at)) != std::string::npos; at = comma + 1) {
                    const auto type = models::quantTypeFromName(list.substr(at, comma - at));
                    if (!type) return false;
                    options.formats.push_back(*type);
                }
        } else
            return false;
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    if (!parse(argc, argv, options)) {
        std::fprintf(stderr,
                     "usage: bench_kernels [--device vulkan:N] [--formats Q4_K,Q6_K | all] [--tokens 1,8] "
                     "[--model 1.5b|7b|8b|14b|32b|70b] [--sweep] [--quick]\n");
        return 2;
    }
    vulkan::ContextOptions contextOptions;
    contextOptions.device = options.device;
    const auto context = need(vulkan::Context::create(contextOptions));
    const auto registry = need(vulkan::KernelRegistry::create(*context, ""));
    std::printf("%s, %s, subgroup %u\n", context->caps().name.c_str(), context->caps().driver.c_str(),
                context->caps().subgroupSize);
    Bench bench(*context, *registry, options);
    for (const QuantType type : options.formats) bench.format(type);
    return 0;
}
