// Loading: what a plan says lands where it says, byte for byte, through the ring, straight and both at once; and every way to
// fail.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <latch>
#include <memory>
#include <random>

#include <doctest/doctest.h>

#include "inference/arena_packer.h"
#include "inference/weights.h"
#include "shaders/shared/self_test.h"
#include "tests/kernels/support/gpu.h"
#include "tests/support/gguf_writer.h"

using namespace ponder;
using namespace ponder::inference;
using models::QuantType;
using test::require;

namespace {

std::vector<std::byte> randomBytes(size_t count, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(count);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

struct Tensor {
    const char* name;
    QuantType type;
    uint64_t columns, rows;
};
constexpr Tensor kTensors[] = {
    {"vector", QuantType::F32, 77, 1},     {"one.value", QuantType::F32, 1, 1},
    {"tall.q8", QuantType::Q8_0, 64, 301}, {"wide.f16", QuantType::F16, 4096, 3},
    {"odd.q5", QuantType::Q5_1, 32, 17},   {"k.quant", QuantType::Q6_K, 512, 40},
    {"last", QuantType::BF16, 33, 5},
};

struct Model {
    testing::TemporaryFile disk;
    models::GgufFile file;
    std::vector<std::vector<std::byte>> contents;
};

Model makeModel() {
    testing::GgufWriter writer;
    writer.string("general.architecture", "qwen2");
    std::vector<std::vector<std::byte>> contents;
    for (const Tensor& tensor : kTensors) {
        const auto& type = models::quantTypeInfo(tensor.type);
        const size_t size = tensor.columns / type.valuesPerBlock * type.bytesPerBlock * tensor.rows;
        contents.push_back(randomBytes(size, static_cast<uint32_t>(contents.size())));
        writer.tensor(tensor.name, tensor.type, {tensor.columns, tensor.rows}, contents.back());
    }
    auto disk = writer.write();
    auto file = require(models::GgufFile::open(disk.path()));
    return {std::move(disk), std::move(file), std::move(contents)};
}

MemoryPlan makePlan(const models::GgufFile& file, uint64_t maxArenaBytes) {
    ArenaPacker packer(maxArenaBytes);
    for (uint32_t i = 0; i < file.tensors().size(); ++i) REQUIRE(packer.add(i, file.tensors()[i]));
    MemoryPlan plan;
    plan.fits = true;
    plan.segments = packer.takeSegments();
    plan.arenaBytes = packer.takeArenaBytes();
    return plan;
}

std::vector<std::byte> readAddress(uint64_t address, size_t bytes) {
    const vulkan::Kernel* kernel = require(test::registry().get("read_address"));
    const uint32_t words = static_cast<uint32_t>((bytes + 3) / 4);
    const vulkan::Buffer out = test::deviceBuffer(words * 4ull);
    test::run([&](vulkan::CommandRecorder& recorder) {
        recorder.dispatch(*kernel, shared::SelfTestPush{address, words, 0}, {out.view()},
                          {(words + 63) / 64, 1, 1});
    });
    return test::download<std::byte>(out.view(), bytes);
}

void checkContents(const Weights& weights, const Model& model) {
    for (size_t i = 0; i < std::size(kTensors); ++i) {
        const Tensor& tensor = kTensors[i];
        CAPTURE(tensor.name);
        const kernels::Weight* weight = weights.find(tensor.name);
        REQUIRE(weight != nullptr);
        CHECK(weight->type == tensor.type);
        CHECK(weight->rows == tensor.rows);
        CHECK(weight->columns == tensor.columns);
        REQUIRE(weight->sizeBytes() == model.contents[i].size());
        uint64_t nextRow = 0;
        for (const kernels::WeightSegment& segment : weight->segments) {
            CHECK(segment.firstRow == nextRow);
            CHECK(segment.address % 16 == 0);
            nextRow += segment.rows;
            const auto got = readAddress(segment.address, segment.rows * weight->rowBytes);
            REQUIRE(std::memcmp(got.data(), model.contents[i].data() + segment.firstRow * weight->rowBytes,
                                got.size()) == 0);
        }
        CHECK(nextRow == tensor.rows);
    }
    CHECK(weights.find("not there") == nullptr);
    CHECK(weights.find("") == nullptr);
}

// How many threads read straight into their target: all of software's, none, and one beside those with a ring.
constexpr std::optional<uint32_t> kDirectThreads[] = {std::nullopt, 0, 1};

// A target and the random bytes that its jobs bring; its first and last bytes are nobody's.
struct Target {
    static constexpr uint64_t kBytes = 60'000, kAt = 5, kUsed = 54'321;
    vulkan::Buffer buffer =
        require(vulkan::Buffer::create(test::context(), kBytes, vulkan::MemoryUse::Weights, "target"));
    std::vector<std::byte> source = randomBytes(kUsed, 7);

    std::vector<vulkan::UploadJob> jobs() const { return {{0, 0, &buffer, kAt, kUsed}}; }
    bool holds(std::span<const std::byte> part) const {
        const auto mapped = buffer.mapped();
        return std::less_equal<>()(mapped.data(), part.data()) &&
               std::less<>()(part.data(), mapped.data() + mapped.size());
    }
};

// A reader whose first calls wait for one another, so that each thread has one; `fails` may give an error.
struct TogetherReader {
    const Target& target;
    uint32_t threads;
    std::function<std::optional<Error>(bool straight)> fails = {};
    std::latch together{threads};
    std::atomic<uint32_t> calls{0}, firstStraight{0}, straight{0};

    Result<void> operator()(uint32_t, uint64_t offset, std::span<std::byte> into, const std::stop_token&) {
        const bool isStraight = target.holds(into);
        straight += isStraight;
        if (calls++ < threads) {
            firstStraight += isStraight;
            together.arrive_and_wait();
        }
        if (fails)
            if (const auto error = fails(isStraight)) return *error;
        std::memcpy(into.data(), target.source.data() + offset, into.size());
        return {};
    }
    vulkan::UploadReader function() { return std::ref(*this); }
};

ErrorCode codeOf(const auto& result) {
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.find('\n') == std::string::npos);
    return result.error().code;
}

} // namespace

TEST_SUITE_BEGIN("weights");

TEST_CASE("every byte arrives: whole and spanning arenas, ring and straight, any piece and thread count") {
    const Model model = makeModel();
    uint64_t total = 0;
    for (const auto& bytes : model.contents) total += bytes.size();
    for (const uint64_t maxArena : {uint64_t{1} << 20, uint64_t{9000}}) {
        const MemoryPlan plan = makePlan(model.file, maxArena);
        if (maxArena == 9000) CHECK(plan.segments.size() > std::size(kTensors)); // the point of it
        for (const auto direct : kDirectThreads) {
            for (const auto& [threads, piece] :
                 {std::pair<uint32_t, uint64_t>{0, vulkan::kUploadPieceBytes}, {1, 4096}, {5, 1000}}) {
                CAPTURE(maxArena);
                CAPTURE(direct.value_or(threads));
                CAPTURE(threads);
                std::vector<LoadProgress> reports;
                const auto weights = require(Weights::load(
                    test::context(), model.file, plan, [&](const LoadProgress& p) { reports.push_back(p); },
                    {}, {.threads = threads, .pieceBytes = piece, .directThreads = direct}));
                checkContents(*weights, model);
                CHECK(weights->loadedBytes() == total);
                REQUIRE(reports.size() >= 2);
                CHECK(reports.front().doneBytes == 0);
                CHECK(reports.back().doneBytes == total);
                for (const LoadProgress& report : reports) CHECK(report.totalBytes == total);
                CHECK(std::is_sorted(reports.begin(), reports.end(),
                                     [](const auto& a, const auto& b) { return a.doneBytes < b.doneBytes; }));
            }
        }
    }
}

TEST_CASE("some threads read straight, the others fill their rings") {
    for (const uint32_t direct : {0, 1, 2, 3, 100}) {
        for (const uint64_t piece : {997, 4096}) {
            CAPTURE(direct);
            CAPTURE(piece);
            const Target target;
            test::run([&](vulkan::CommandRecorder& recorder) { recorder.fill(target.buffer.view(), 0); });
            TogetherReader reader{target, 3};
            require(vulkan::upload(test::context(), target.jobs(), reader.function(), {}, {},
                                   {.threads = 3, .pieceBytes = piece, .directThreads = direct}));
            CHECK(reader.calls == (Target::kUsed + piece - 1) / piece);
            CHECK(reader.firstStraight == (target.buffer.mapped().empty() ? 0 : std::min(direct, 3u)));
            std::vector<std::byte> expected(Target::kBytes);
            std::copy(target.source.begin(), target.source.end(), expected.begin() + Target::kAt);
            CHECK(test::download<std::byte>(target.buffer.view(), Target::kBytes) == expected);
        }
    }
}

TEST_CASE("a target that is not mapped comes over a ring, whatever the thread") {
    const uint64_t alignment = test::context().caps().hostImportAlignment;
    if (alignment == 0) return;
    // Imported memory is a buffer that the host cannot reach by way of it, on every device.
    const uint64_t bytes = (Target::kBytes + alignment - 1) / alignment * alignment;
    const std::unique_ptr<std::byte, decltype(&std::free)> memory(
        static_cast<std::byte*>(std::aligned_alloc(alignment, bytes)), &std::free);
    REQUIRE(memory);
    const auto unmapped = vulkan::Buffer::import(test::context(), {memory.get(), bytes}, "not mapped");
    if (!unmapped) return; // a driver that does not take this memory
    REQUIRE(unmapped->mapped().empty());
    for (const uint32_t direct : {0, 1, 2}) {
        CAPTURE(direct);
        const Target target;
        std::memset(memory.get(), 0, bytes);
        auto jobs = target.jobs();
        jobs.push_back(jobs.front());
        jobs.back().target = &*unmapped;
        TogetherReader reader{target, 2};
        require(vulkan::upload(test::context(), jobs, reader.function(), {}, {},
                               {.threads = 2, .pieceBytes = 1000, .directThreads = direct}));
        const uint32_t pieces = (Target::kUsed + 999) / 1000;
        CHECK(reader.calls == 2 * pieces);
        CHECK(reader.straight <= pieces);
        if (direct == 2 && !target.buffer.mapped().empty()) CHECK(reader.straight == pieces);
        const auto got =
            test::download<std::byte>(target.buffer.view().part(Target::kAt, Target::kUsed), Target::kUsed);
        CHECK(got == target.source);
        CHECK(std::equal(target.source.begin(), target.source.end(), memory.get() + Target::kAt));
    }
}

TEST_CASE("a reader that fails, straight or into a ring") {
    const Target target;
    if (target.buffer.mapped().empty()) return;
    const auto uploadWith = [&](TogetherReader& reader) {
        return vulkan::upload(test::context(), target.jobs(), reader.function(), {}, {},
                              {.threads = 3, .pieceBytes = 1000, .directThreads = 1});
    };
    for (const bool where : {true, false}) {
        CAPTURE(where);
        TogetherReader reader{target, 3, [&](bool straight) -> std::optional<Error> {
                                  if (straight != where) return std::nullopt;
                                  return Error{ErrorCode::MalformedFile, "refused"};
                              }};
        const auto failed = uploadWith(reader);
        CHECK(codeOf(failed) == ErrorCode::MalformedFile);
        CHECK(failed.error().message == "refused");
    }
    TogetherReader broken{target, 3, [](bool) -> std::optional<Error> {
                              return Error{ErrorCode::Io, "refused"};
                          }};
    CHECK(codeOf(uploadWith(broken)) == ErrorCode::Io);
}

TEST_CASE("what the system does not read straight into a target comes over the ring") {
    for (const uint32_t direct : {1, 3}) {
        const Target target;
        TogetherReader reader{target, 3, [&](bool straight) -> std::optional<Error> {
                                  if (!straight) return std::nullopt;
                                  return Error{ErrorCode::Io, "bad address"};
                              }};
        require(vulkan::upload(test::context(), target.jobs(), reader.function(), {}, {},
                               {.threads = 3, .pieceBytes = 1000, .directThreads = direct}));
        CHECK(test::download<std::byte>(target.buffer.view().part(Target::kAt, Target::kUsed),
                                        Target::kUsed) == target.source);
    }
}

TEST_CASE("a file that was cut short, deleted or changed is one sentence") {
    for (const auto direct : kDirectThreads) {
        const Model model = makeModel();
        const MemoryPlan plan = makePlan(model.file, 1 << 20);
        const auto load = [&] {
            return Weights::load(test::context(), model.file, plan, {}, {}, {.directThreads = direct});
        };
        const auto path = model.disk.path();
        const auto size = std::filesystem::file_size(path);

        std::filesystem::resize_file(path, size - 400);
        const auto cut = load();
        CHECK(codeOf(cut) == ErrorCode::Io);
        CHECK(cut.error().message.find("cut short") != std::string::npos);
        std::filesystem::resize_file(path, 0);
        CHECK(codeOf(load()) == ErrorCode::Io);
        std::filesystem::resize_file(path, size); // long enough again, but not the file that was opened
        CHECK(codeOf(load()) == ErrorCode::Io);
        std::filesystem::remove(path);
        CHECK(codeOf(load()) != ErrorCode::Internal);
    }
}

TEST_CASE("a cancelled load") {
    const Model model = makeModel();
    const MemoryPlan plan = makePlan(model.file, 1 << 20);
    std::stop_source before;
    before.request_stop();
    CHECK(codeOf(Weights::load(test::context(), model.file, plan, {}, before.get_token())) ==
          ErrorCode::Cancelled);

    // In the middle: the third read asks for it itself, and one that the other thread may have begun by then waits for that.
    const vulkan::Buffer target = test::deviceBuffer(1 << 16);
    const std::vector<vulkan::UploadJob> jobs{{0, 0, &target, 0, 1 << 16}};
    for (const auto direct : kDirectThreads) {
        std::stop_source middle;
        std::atomic<uint32_t> reads{0};
        std::latch asked{1};
        const auto reader = [&](uint32_t, uint64_t, std::span<std::byte>,
                                const std::stop_token&) -> Result<void> {
            const uint32_t read = ++reads;
            if (read == 3) {
                middle.request_stop();
                asked.count_down();
            } else if (read > 3) {
                asked.wait();
            }
            return {};
        };
        const auto stopped = vulkan::upload(test::context(), jobs, reader, {}, middle.get_token(),
                                            {.threads = 2, .pieceBytes = 1024, .directThreads = direct});
        CHECK(codeOf(stopped) == ErrorCode::Cancelled);
        CHECK(reads <= 4); // of 64
    }
}

TEST_CASE("the reader's first error ends the upload") {
    const vulkan::Buffer target = test::deviceBuffer(1 << 16);
    const std::vector<vulkan::UploadJob> jobs{{3, 5, &target, 0, 1 << 16}};
    for (const auto direct : kDirectThreads) {
        const auto reader = [&](uint32_t source, uint64_t offset, std::span<std::byte>,
                                const std::stop_token&) -> Result<void> {
            if (source != 3) return Error{ErrorCode::Internal, "wrong source"};
            if (offset == 5 + 10 * 1024) return Error{ErrorCode::Io, "the tenth"};
            return {};
        };
        const auto failed = vulkan::upload(test::context(), jobs, reader, {}, {},
                                           {.threads = 4, .pieceBytes = 1024, .directThreads = direct});
        CHECK(codeOf(failed) == ErrorCode::Io);
        CHECK(failed.error().message == "the tenth");
    }
}

TEST_CASE("nothing to upload") {
    const vulkan::Buffer target = test::deviceBuffer(16);
    const auto never = [](uint32_t, uint64_t, std::span<std::byte>, const std::stop_token&) -> Result<void> {
        return Error{ErrorCode::Internal, "asked for nothing"};
    };
    require(vulkan::upload(test::context(), {}, never));
    const std::vector<vulkan::UploadJob> empty{{0, 0, &target, 16, 0}};
    require(vulkan::upload(test::context(), empty, never));
}

TEST_CASE("every Vulkan call of a load can fail; everything is released") {
    const Model model = makeModel();
    const MemoryPlan plan = makePlan(model.file, 9000);
    // Through rings alone, with all that can fail there, and with a thread that needs none.
    for (const uint32_t direct : {0, 1}) {
        for (const test::CallFailure& way : test::kCallFailures) {
            uint64_t failures = 0;
            bool reachedEnd = false;
            for (uint64_t n = 1; n < 10'000 && !reachedEnd; ++n) {
                CAPTURE(direct);
                CAPTURE(way.name);
                CAPTURE(n);
                vulkan::ContextOptions options;
                options.failCall = n;
                options.failResult = way.name;
                const auto context = vulkan::Context::create(options);
                if (!context.ok()) {
                    CHECK(codeOf(context) == way.code);
                    continue;
                }
                const auto weights =
                    Weights::load(**context, model.file, plan, {}, {},
                                  {.threads = 3, .pieceBytes = 8192, .directThreads = direct});
                if ((*context)->callCount() < n) {
                    CHECK(weights.ok());
                    reachedEnd = true;
                    continue;
                }
                if (weights.ok()) { // an arena of a card that is not mapped, or not of the kind that can be
                    CHECK(way.code != ErrorCode::DeviceLost);
                    CHECK_FALSE((*context)->caps().unified);
                    continue;
                }
                CHECK(codeOf(weights) == way.code);
                ++failures;
            }
            CHECK(reachedEnd);
            // One for each arena at least. How many come on top is the device's and the threads' affair: where arenas are mapped,
            // failing to map one is no error, and a thread that finds nothing left to do makes no ring.
            CHECK(failures > plan.arenaBytes.size());
        }
    }
}

TEST_SUITE_END();
