#include "inference/weights.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "models/base/log.h"
#include "models/base/text.h"

namespace ponder::inference {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

kernels::Weight emptyWeight(const models::TensorInfo& tensor) {
    kernels::Weight weight;
    weight.type = tensor.type;
    weight.rows = static_cast<uint32_t>(tensor.rows());
    weight.columns = static_cast<uint32_t>(tensor.columns());
    weight.rowBytes = tensor.rowBytes();
    return weight;
}

} // namespace

struct Weights::Data {
    std::vector<vulkan::Buffer> arenas;
    std::map<std::string, kernels::Weight, std::less<>> byName;
    uint64_t bytes = 0;
    double seconds = 0, allocationSeconds = 0;

    Result<void> allocate(const vulkan::Context& context, const MemoryPlan& plan);
    // What lies where, and the jobs that bring it there.
    Result<std::vector<vulkan::UploadJob>> place(const models::GgufFile& file, const MemoryPlan& plan);
};

Result<void> Weights::Data::allocate(const vulkan::Context& context, const MemoryPlan& plan) {
    for (size_t i = 0; i < plan.arenaBytes.size(); ++i) {
        ASSIGN_OR_RETURN(auto arena,
                         vulkan::Buffer::create(context, plan.arenaBytes[i], vulkan::MemoryUse::Weights,
                                                fmt::format("weights {}", i)));
        arenas.push_back(std::move(arena));
    }
    return {};
}

Result<std::vector<vulkan::UploadJob>> Weights::Data::place(const models::GgufFile& file,
                                                            const MemoryPlan& plan) {
    std::vector<vulkan::UploadJob> jobs;
    for (const Segment& segment : plan.segments) {
        PONDER_CHECK(segment.tensor < file.tensors().size() && segment.arena < arenas.size());
        const models::TensorInfo& tensor = file.tensors()[segment.tensor];
        if (tensor.rows() > UINT32_MAX || tensor.columns() > UINT32_MAX)
            return Error{
                ErrorCode::UnsupportedArchitecture,
                fmt::format("{} is {} x {}, and sides beyond 4,294,967,295 are not supported: choose "
                            "another model.",
                            printable(tensor.name), tensor.rows(), tensor.columns())};
        auto [at, isNew] = byName.try_emplace(tensor.name);
        if (isNew) at->second = emptyWeight(tensor);
        const vulkan::Buffer& arena = arenas[segment.arena];
        at->second.segments.push_back({static_cast<uint32_t>(segment.firstRow),
                                       static_cast<uint32_t>(segment.rows), arena.address() + segment.offset});
        jobs.push_back({tensor.shard, tensor.offset + segment.firstRow * tensor.rowBytes(), &arena,
                        segment.offset, segment.sizeBytes});
        bytes += segment.sizeBytes;
    }
    for (auto& [name, weight] : byName) {
        std::sort(weight.segments.begin(), weight.segments.end(),
                  [](const auto& a, const auto& b) { return a.firstRow < b.firstRow; });
    }
    // In the file's order, so that a disk reads on and on.
    std::sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) {
        return std::tie(a.source, a.sourceOffset) < std::tie(b.source, b.sourceOffset);
    });
    return jobs;
}

Weights::Weights(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Weights::~Weights() = default;

Result<std::unique_ptr<Weights>> Weights::load(const vulkan::Context& context, const models::GgufFile& file,
                                               const MemoryPlan& plan, const LoadProgressSink& progress,
                                               std::stop_token stop, const vulkan::UploadOptions& options) {
    auto data = std::make_unique<Data>();
    const auto allocating = Clock::now();
    RETURN_IF_ERROR(data->allocate(context, plan));
    data->allocationSeconds = secondsSince(allocating);
    ASSIGN_OR_RETURN(const auto jobs, data->place(file, plan));

    const auto reading = Clock::now();
    const auto report = [&](uint64_t doneBytes) {
        if (progress) progress({"reading", doneBytes, data->bytes});
    };
    report(0);
    RETURN_IF_ERROR(vulkan::upload(
        context, jobs,
        [&](uint32_t shard, uint64_t offset, std::span<std::byte> into, const std::stop_token& stopping) {
            return file.read(shard, offset, into, stopping);
        },
        report, stop, options));
    RETURN_IF_ERROR(file.checkUnchanged()); // written over while it was read
    data->seconds = secondsSince(reading);
    const auto mapped = std::count_if(data->arenas.begin(), data->arenas.end(),
                                      [](const vulkan::Buffer& arena) { return !arena.mapped().empty(); });
    log(LogLevel::Info, LogCategory::Engine,
        "loaded {} in {:.2f} s ({:.1f} GB/s), arenas allocated in {:.2f} s, {} of {} mapped",
        formatBytes(data->bytes), data->seconds,
        static_cast<double>(data->bytes) / 1e9 / std::max(data->seconds, 1e-9), data->allocationSeconds,
        mapped, data->arenas.size());
    return std::unique_ptr<Weights>(new Weights(std::move(data)));
}

const kernels::Weight* Weights::find(std::string_view tensor) const {
    const auto at = m_data->byName.find(tensor);
    return at == m_data->byName.end() ? nullptr : &at->second;
}

vulkan::BufferView Weights::at(uint64_t address, uint64_t bytes) const {
    for (const vulkan::Buffer& arena : m_data->arenas) {
        if (address < arena.address() || address - arena.address() >= arena.sizeBytes()) continue;
        return arena.view().part(address - arena.address(), bytes);
    }
    return {}; // nobody gave it
}

uint64_t Weights::loadedBytes() const { return m_data->bytes; }
double Weights::seconds() const { return m_data->seconds; }
double Weights::allocationSeconds() const { return m_data->allocationSeconds; }

} // namespace ponder::inference
