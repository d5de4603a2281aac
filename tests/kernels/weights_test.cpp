// Loading: what a plan says lands where it says, byte for byte, through the ring and straight; and every way to fail.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
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
        for (const bool direct : {true, false}) {
            for (const auto& [threads, piece] :
                 {std::pair<uint32_t, uint64_t>{0, vulkan::kUploadPieceBytes}, {1, 4096}, {5, 1000}}) {
                CAPTURE(maxArena);
                CAPTURE(direct);
                CAPTURE(threads);
                std::vector<LoadProgress> reports;
                const auto weights = require(Weights::load(
                    test::context(), model.file, plan, [&](const LoadProgress& p) { reports.push_back(p); },
                    {}, {.threads = threads, .pieceBytes = piece, .direct = direct}));
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

TEST_CASE("a file that was cut short, deleted or changed is one sentence") {
    for (const bool direct : {true, false}) {
        const Model model = makeModel();
        const MemoryPlan plan = makePlan(model.file, 1 << 20);
        const auto load = [&] {
            return Weights::load(test::context(), model.file, plan, {}, {}, {.direct = direct});
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

    // In the middle: the third read asks for it itself.
    const vulkan::Buffer target = test::deviceBuffer(1 << 16);
    const std::vector<vulkan::UploadJob> jobs{{0, 0, &target, 0, 1 << 16}};
    for (const bool direct : {true, false}) {
        std::stop_source middle;
        std::atomic<int> reads{0};
        const auto reader = [&](uint32_t, uint64_t, std::span<std::byte>,
                                const std::stop_token&) -> Result<void> {
            if (++reads == 3) middle.request_stop();
            return {};
        };
        const auto stopped = vulkan::upload(test::context(), jobs, reader, {}, middle.get_token(),
                                            {.threads = 2, .pieceBytes = 1024, .direct = direct});
        CHECK(codeOf(stopped) == ErrorCode::Cancelled);
        CHECK(reads < 10); // of 64
    }
}

TEST_CASE("the reader's first error ends the upload") {
    const vulkan::Buffer target = test::deviceBuffer(1 << 16);
    const std::vector<vulkan::UploadJob> jobs{{3, 5, &target, 0, 1 << 16}};
    for (const bool direct : {true, false}) {
        const auto reader = [&](uint32_t source, uint64_t offset, std::span<std::byte>,
                                const std::stop_token&) -> Result<void> {
            if (source != 3) return Error{ErrorCode::Internal, "wrong source"};
            if (offset == 5 + 10 * 1024) return Error{ErrorCode::Io, "the tenth"};
            return {};
        };
        const auto failed = vulkan::upload(test::context(), jobs, reader, {}, {},
                                           {.threads = 4, .pieceBytes = 1024, .direct = direct});
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
    for (const test::CallFailure& way : test::kCallFailures) {
        uint64_t failures = 0;
        for (uint64_t n = 1; n < 10'000; ++n) {
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
            const auto weights = Weights::load(**context, model.file, plan, {}, {},
                                               {.threads = 3, .pieceBytes = 8192, .direct = false});
            if (weights.ok()) break; // fewer calls than n
            CHECK(codeOf(weights) == way.code);
            ++failures;
        }
        CHECK(failures > 30);
    }
}

TEST_SUITE_END();
