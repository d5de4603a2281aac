#include "models/gguf_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/base/log.h"
#include "models/base/text.h"
#include "models/gguf_reader.h"
#include "models/model_info.h"
#include "tests/support/gguf_writer.h"

using namespace ponder;
using namespace ponder::models;
using namespace ponder::testing;

namespace {

GgufWriter small() {
    GgufWriter writer;
    writer.string("general.architecture", "qwen2");
    writer.tensor("a", QuantType::F32, {4, 3});
    writer.tensor("b", QuantType::Q4_K, {256, 2});
    return writer;
}

// That the bytes are refused, with this code, and that the sentence says these words and is one line.
void checkRefused(const GgufWriter& writer, ErrorCode code, std::string_view words) {
    const TemporaryFile file = writer.write();
    const auto opened = GgufFile::open(file.path());
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().code == code);
    CHECK(opened.error().message.find(words) != std::string::npos);
    CHECK(opened.error().message.find('\n') == std::string::npos);
    CHECK(opened.error().message.size() < 500);
}

void checkMalformed(const GgufWriter& writer, std::string_view words) {
    checkRefused(writer, ErrorCode::MalformedFile, words);
}

GgufWriter::Bytes arrayOf(uint32_t elementType, uint64_t count) {
    GgufWriter::Bytes bytes;
    append(bytes, elementType);
    append(bytes, count);
    return bytes;
}

constexpr uint64_t kHuge[] = {uint64_t{1} << 31, uint64_t{1} << 32, (uint64_t{1} << 61) + 1,
                              uint64_t{1} << 63, ~uint64_t{0},      ~uint64_t{0} - 31,
                              ~uint64_t{0} - 999};

} // namespace

TEST_CASE("gguf: tensors and values of every type come back") {
    GgufWriter writer = small();
    writer.uint8("t.u8", 200);
    writer.uint16("t.u16", 60000);
    writer.int32("t.i32", -5);
    writer.uint64("t.u64", ~uint64_t{0});
    writer.float32("t.f32", 1.5f);
    writer.float64("t.f64", -2.25);
    writer.boolean("t.bool", true);
    writer.string("t.text", "a\nb");
    writer.strings("t.strings", {"x", "", "zz"});
    writer.int32s("t.ints", {1, -2, 3});
    writer.float32s("t.floats", {0.5f, -1});
    GgufWriter::Bytes contents(4 * 3 * sizeof(float));
    const float first = 42;
    std::memcpy(contents.data(), &first, sizeof first);
    writer.tensor("c", QuantType::F32, {4, 3}, contents);
    const TemporaryFile file = writer.write();
    const auto opened = GgufFile::open(file.path());
    REQUIRE(opened.ok());

    CHECK(opened->version() == 3);
    CHECK(opened->getUint("t.u8") == 200);
    CHECK(opened->getUint("t.u16") == 60000);
    CHECK(opened->getInt("t.i32") == -5);
    CHECK_FALSE(opened->getUint("t.i32"));
    CHECK(opened->getUint("t.u64") == ~uint64_t{0});
    CHECK_FALSE(opened->getInt("t.u64"));
    CHECK(opened->getFloat("t.f32") == 1.5);
    CHECK(opened->getFloat("t.f64") == -2.25);
    CHECK(opened->getFloat("t.u8") == 200.0);
    CHECK_FALSE(opened->getUint("t.f32"));
    CHECK(opened->getBool("t.bool") == true);
    CHECK_FALSE(opened->getBool("t.u8"));
    CHECK(opened->getString("t.text") == "a\nb");
    CHECK(opened->getStrings("t.strings") == std::vector<std::string_view>{"x", "", "zz"});
    CHECK(opened->getInts("t.ints") == std::vector<int64_t>{1, -2, 3});
    CHECK(opened->describe("t.floats") == "2 × float32: 0.5, -1");
    CHECK_FALSE(opened->getStrings("t.ints"));
    CHECK_FALSE(opened->has("t"));
    CHECK(opened->keys().size() == 12);
    CHECK(opened->describe("t.text") == "\"a?b\"");
    CHECK(opened->describe("t.ints") == "3 × int32: 1, -2, 3");
    CHECK(opened->describe("absent").empty());

    const TensorInfo* const b = opened->find("b");
    REQUIRE(b != nullptr);
    CHECK(b->type == QuantType::Q4_K);
    CHECK(b->sizeBytes == 288);
    CHECK(b->rowBytes() == 144);
    CHECK(b->offset % 32 == 0);
    const TensorInfo* const c = opened->find("c");
    REQUIRE(c != nullptr);
    REQUIRE(c->sizeBytes == 48);
    std::array<std::byte, 48> copied{};
    REQUIRE(opened->read(*c, copied).ok());
    CHECK(std::memcmp(copied.data(), &first, sizeof first) == 0);
    std::array<std::byte, 7> middle{};
    REQUIRE(opened->read(c->shard, c->offset + 3, middle).ok());
    CHECK(std::equal(middle.begin(), middle.end(), copied.begin() + 3));
    std::stop_source stopped;
    stopped.request_stop();
    const auto cancelled = opened->read(c->shard, c->offset, copied, stopped.get_token());
    REQUIRE_FALSE(cancelled.ok());
    CHECK(cancelled.error().code == ErrorCode::Cancelled);
    CHECK(opened->find("d") == nullptr);
    CHECK(opened->checkUnchanged().ok());
}

TEST_CASE("gguf: version 2 and other alignments are read") {
    GgufWriter writer = small();
    writer.version = 2;
    writer.alignment = 128;
    const TemporaryFile file = writer.write();
    const auto opened = GgufFile::open(file.path());
    REQUIRE(opened.ok());
    CHECK(opened->version() == 2);
    for (const TensorInfo& tensor : opened->tensors()) CHECK(tensor.offset % 128 == 0);
}

TEST_CASE("gguf: what is no GGUF file is named") {
    GgufWriter writer = small();
    writer.magic = "GGML";
    checkMalformed(writer, "begins with \"GGML\"");
    writer = small();
    writer.version = 1;
    checkMalformed(writer, "version 1, expected 2 or 3");
    writer.version = 0x03000000;
    checkMalformed(writer, "byte-swapped");
    for (const uint32_t version : {0u, 4u, 31u, ~0u}) {
        writer.version = version;
        checkMalformed(writer, "version");
    }
    CHECK(GgufFile::open("/nowhere/model.gguf").error().code == ErrorCode::NotFound);
    CHECK(GgufFile::open(std::filesystem::temp_directory_path()).error().code == ErrorCode::Io);
    const TemporaryFile empty{std::span<const std::byte>{}};
    CHECK(GgufFile::open(empty.path()).error().code == ErrorCode::MalformedFile);
}

TEST_CASE("gguf: a file cut anywhere is refused") {
    GgufWriter writer = small();
    writer.strings("t.strings", {"one", "two"});
    const GgufWriter::Bytes whole = writer.bytes();
    const size_t dataEnd = whole.size() - 32; // padding behind the last tensor may go
    for (size_t size = 0; size <= dataEnd; size += size < 512 ? 1 : 37) {
        const TemporaryFile file{std::span(whole).first(size)};
        const auto opened = GgufFile::open(file.path());
        REQUIRE_FALSE(opened.ok());
        REQUIRE(opened.error().code == ErrorCode::MalformedFile);
    }
}

TEST_CASE("gguf: counts beyond the file are refused before anything is allocated") {
    for (const uint64_t count : kHuge) {
        GgufWriter writer = small();
        writer.tensorCount = count; // TALOS-2024-1915: the number of tensors
        checkMalformed(writer, "tensors");
        writer = small();
        writer.keyCount = count;
        checkMalformed(writer, "keys");
        writer = small();
        GgufWriter::Bytes text;
        append(text, count); // TALOS-2024-1913: the length of a string
        writer.raw("t.text", 8, text);
        checkMalformed(writer, "string");
        for (const uint32_t element : {0u, 4u, 8u, 9u, 12u}) {
            writer = small();
            writer.raw("t.array", 9, arrayOf(element, count));
            checkMalformed(writer, "elements");
        }
    }
    GgufWriter writer = small();
    writer.tensorCount = 3;
    checkMalformed(writer, "");
    writer = small();
    writer.keyCount = 2;
    checkMalformed(writer, "");
}

TEST_CASE("gguf: unknown value types are refused") {
    for (const uint32_t type : {13u, 31u, 0x7FFFFFFFu, ~0u}) {
        GgufWriter writer = small();
        writer.raw("t.x", type, GgufWriter::Bytes(8));
        checkMalformed(writer, "value type");
        writer = small();
        writer.raw("t.x", 9, arrayOf(type, 1));
        checkMalformed(writer, "value type");
    }
    GgufWriter writer = small();
    writer.raw("t.bool", 7, {std::byte{2}});
    checkMalformed(writer, "truth value 2");
}

TEST_CASE("gguf: arrays may nest, but not without end") {
    const auto nested = [](uint32_t depth) {
        GgufWriter::Bytes bytes;
        for (uint32_t i = 1; i < depth; ++i) {
            append(bytes, uint32_t{9});
            append(bytes, uint64_t{1});
        }
        append(bytes, uint32_t{4});
        append(bytes, uint64_t{1});
        append(bytes, uint32_t{7});
        return bytes;
    };
    GgufWriter writer = small();
    writer.raw("t.nested", 9, nested(3));
    const TemporaryFile file = writer.write();
    const auto opened = GgufFile::open(file.path());
    REQUIRE(opened.ok());
    CHECK(opened->describe("t.nested") == "1 × array");
    CHECK_FALSE(opened->getInts("t.nested"));
    writer.raw("t.nested", 9, nested(5));
    checkMalformed(writer, "nests arrays");
    writer.raw("t.nested", 9, nested(100000)); // the stack must not decide
    checkMalformed(writer, "nests arrays");
}

TEST_CASE("gguf: keys and names are visible ASCII and stand once") {
    GgufWriter writer = small();
    writer.duplicate("general.architecture");
    checkMalformed(writer, "stands twice");
    for (const std::string name : {"", "a b", "new\nline", "\xff\xfe", "é"}) {
        writer = small();
        writer.uint32(name, 1);
        checkMalformed(writer, "visible ASCII");
        writer = small();
        writer.override("a", {.name = name, .dims = {}, .shape = {}, .ggufType = {}, .offset = {}});
        checkMalformed(writer, "visible ASCII");
    }
    writer = small();
    writer.uint32(std::string(70000, 'k'), 1);
    checkMalformed(writer, "at most 65535");
    writer = small();
    writer.override("a",
                    {.name = std::string(256, 'n'), .dims = {}, .shape = {}, .ggufType = {}, .offset = {}});
    checkMalformed(writer, "at most 255");
    writer = small();
    writer.override("b", {.name = "a", .dims = {}, .shape = {}, .ggufType = {}, .offset = {}});
    checkMalformed(writer, "twice");
}

TEST_CASE("gguf: shapes are checked for count, emptiness, blocks and overflow") {
    const auto with = [](GgufWriter::Override change) {
        GgufWriter writer = small();
        writer.override("b", std::move(change));
        return writer;
    };
    for (const uint32_t dims : {0u, 5u, 31u, 0x7FFFFFFFu, ~0u}) { // TALOS-2024-1914, V-03: the dimension field
        checkMalformed(with({.name = {}, .dims = dims, .shape = {}, .ggufType = {}, .offset = {}}),
                       "dimensions");
    }
    for (const uint64_t extent : kHuge) { // CVE-2025-53630: products that wrap
        checkMalformed(
            with({.name = {}, .dims = {}, .shape = {{extent / 256 * 256, 2}}, .ggufType = {}, .offset = {}}),
            "");
        checkMalformed(with({.name = {}, .dims = {}, .shape = {{256, extent}}, .ggufType = {}, .offset = {}}),
                       "");
        checkMalformed(
            with({.name = {}, .dims = {}, .shape = {{256, 2, extent, extent}}, .ggufType = {}, .offset = {}}),
            "");
    }
    // CVE-2026-27940: four dimensions whose product is a small number modulo 2^64
    const uint64_t q = uint64_t{1} << 32;
    checkMalformed(with({.name = {}, .dims = {}, .shape = {{q, q, 1, 2}}, .ggufType = {}, .offset = {}}),
                   "2^63");
    checkMalformed(with({.name = {}, .dims = {}, .shape = {{256, 0}}, .ggufType = {}, .offset = {}}),
                   "dimensions 256 x 0,");
    checkMalformed(with({.name = {}, .dims = {}, .shape = {{0, 2}}, .ggufType = {}, .offset = {}}),
                   "dimensions 0,");
    checkMalformed(with({.name = {}, .dims = {}, .shape = {{255, 2}}, .ggufType = {}, .offset = {}}),
                   "multiple of 256");
    // CVE-2026-7482: dimensions larger than the data
    checkMalformed(with({.name = {}, .dims = {}, .shape = {{256, 3000}}, .ggufType = {}, .offset = {}}),
                   "bytes");
}

TEST_CASE("gguf: offsets lie inside the file, aligned and apart") {
    const auto with = [](uint64_t offset) {
        GgufWriter writer = small();
        writer.override("b", {.name = {}, .dims = {}, .shape = {}, .ggufType = {}, .offset = offset});
        return writer;
    };
    for (const uint64_t offset : kHuge) checkMalformed(with(offset), "offset");
    checkMalformed(with(65), "multiple of 32");
    checkMalformed(with(32), "inside a which ends");
    checkMalformed(with(0), "inside a which ends");
    checkMalformed(with(96), "cut short");
}

TEST_CASE("gguf: the alignment is a power of two within reason") {
    for (const uint32_t value : {0u, 3u, 48u, 1u << 21, 1u << 31, ~0u}) { // V-01: padding that wraps
        GgufWriter writer = small();
        writer.uint32("general.alignment", value);
        checkMalformed(writer, "general.alignment");
    }
    GgufWriter writer = small();
    writer.string("general.alignment", "32");
    checkMalformed(writer, "general.alignment");
    writer = small();
    writer.int32("general.alignment", -32);
    checkMalformed(writer, "general.alignment");
}

TEST_CASE("gguf: foreign formats are refused by name, unknown ones by number") {
    const auto with = [](uint32_t type) {
        GgufWriter writer = small();
        writer.override("a", {.name = {}, .dims = {}, .shape = {}, .ggufType = type, .offset = {}});
        return writer;
    };
    checkRefused(with(39), ErrorCode::UnsupportedQuantization, "MXFP4");
    checkRefused(with(337), ErrorCode::UnsupportedQuantization, "IQ2_K_R4");
    checkRefused(with(26), ErrorCode::UnsupportedQuantization, "I32");
    for (const uint32_t type : {4u, 5u, 31u, 0x7FFFFFFFu, 0x80000000u, ~0u})
        checkRefused(with(type), ErrorCode::UnsupportedQuantization, "a has the");
}

TEST_CASE("gguf: a header that will not end is refused at its limit") {
    GgufWriter writer;
    const std::string chunk(size_t{20} << 20, 'x');
    for (int i = 0; i < 7; ++i) writer.string(fmt::format("t.text{}", i), chunk);
    checkMalformed(writer, "of the header");
}

// -- shards ---------------------------------------------------------------------------------------------------------

namespace {

GgufWriter shard(uint16_t number, uint16_t count, int32_t tensors = 3) {
    GgufWriter writer;
    if (number == 0) writer.string("general.architecture", "qwen2");
    writer.uint16("split.no", number);
    writer.uint16("split.count", count);
    writer.int32("split.tensors.count", tensors);
    writer.tensor(fmt::format("t{}", number), QuantType::F32, {8});
    return writer;
}

std::string shardName(int number, int count) { return fmt::format("m-{:05}-of-{:05}.gguf", number, count); }

} // namespace

TEST_CASE("gguf: a set of shards opens from any of its parts") {
    const TemporaryFolder folder;
    for (uint16_t i = 0; i < 3; ++i) folder.write(shardName(i + 1, 3), shard(i, 3).bytes());
    for (int part = 1; part <= 3; ++part) {
        const auto opened = GgufFile::open(folder.path() / shardName(part, 3));
        REQUIRE(opened.ok());
        CHECK(opened->paths().size() == 3);
        CHECK(opened->tensors().size() == 3);
        CHECK(opened->getString("general.architecture") == "qwen2");
        CHECK(opened->find("t2")->shard == 2);
        std::array<std::byte, 32> values{};
        CHECK(opened->read(*opened->find("t1"), values).ok());
    }
}

TEST_CASE("gguf: a missing, foreign or renamed shard is named") {
    const TemporaryFolder folder;
    folder.write(shardName(1, 3), shard(0, 3).bytes());
    folder.write(shardName(3, 3), shard(2, 3).bytes());
    const auto path = folder.path() / shardName(1, 3);
    auto opened = GgufFile::open(path);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::MissingShard);
    CHECK(opened.error().message.find("m-00002-of-00003.gguf") != std::string::npos);

    folder.write(shardName(2, 3), shard(0, 3).bytes());
    opened = GgufFile::open(path);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find("another model") != std::string::npos);

    folder.write(shardName(2, 3), shard(1, 3).bytes());
    CHECK(GgufFile::open(path).ok());
    folder.write(shardName(1, 3), shard(0, 3, 4).bytes());
    opened = GgufFile::open(path);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find("expected 4") != std::string::npos);

    opened = GgufFile::open(folder.write("renamed.gguf", shard(0, 3).bytes()));
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::MissingShard);
    opened = GgufFile::open(folder.write("m-00009-of-00003.gguf", shard(9, 3).bytes()));
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find("split.no is 9") != std::string::npos);
    CHECK(GgufFile::open(folder.write("one.gguf", shard(0, 1, 1).bytes())).ok());
}

// -- while it is in use -----------------------------------------------------------------------------------------------

TEST_CASE("gguf: a file that was changed or deleted is noticed, and metadata still reads") {
    const TemporaryFile file = small().write();
    const auto opened = GgufFile::open(file.path());
    REQUIRE(opened.ok());
    std::filesystem::resize_file(file.path(), 30);
    std::array<std::byte, 16> row{};
    const auto read = opened->read(opened->tensors().front(), row); // a mapping would be a signal
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().code == ErrorCode::Io);
    CHECK(read.error().message.find("16 more were expected") != std::string::npos);
    auto unchanged = opened->checkUnchanged();
    REQUIRE_FALSE(unchanged.ok());
    CHECK(unchanged.error().code == ErrorCode::Io);
    CHECK(opened->getString("general.architecture") == "qwen2");
    std::filesystem::remove(file.path());
    unchanged = opened->checkUnchanged();
    REQUIRE_FALSE(unchanged.ok());
    CHECK(unchanged.error().code == ErrorCode::NotFound);
}

// -- text from files --------------------------------------------------------------------------------------------------

TEST_CASE("text: what a file says is made fit for one line") {
    CHECK(printable("plain") == "plain");
    CHECK(printable("a\nb\x1b[31m\x7f") == "a?b?[31m?");
    CHECK(printable("\xff\xc0\x80ok") == "???ok");
    CHECK(printable("\xed\xa0\x80") == "???"); // a surrogate
    CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(printable("caf\xc3\xa9s", 4) == "caf...");
    CHECK(printable("\xc2\x85|\xe2\x80\xa8|") == "?|?|");
    CHECK(formatBytes(4'683'000'000) == "4.68 GB");
    CHECK(formatBytes(999) == "999 bytes");
    CHECK(formatBytes(19'850'000'000) == "19.9 GB");
    CHECK(formatBytes(999'999) == "1.00 MB");
    CHECK(formatCount(32768) == "32,768");
    CHECK(formatCount(1000000) == "1,000,000");
    CHECK(formatBillions(7'616'000'000) == "7.6B");
    CHECK(formatBillions(494'000'000) == "494M");
}

TEST_CASE("log: one sink, below the level nothing") {
    std::vector<std::string> lines;
    setLogSink([&](LogLevel level, LogCategory category, std::string_view line) {
        lines.push_back(fmt::format("{} {} {}", logLevelName(level), logCategoryName(category), line));
    });
    log(LogLevel::Info, LogCategory::Models, "quiet {}", 1);
    log(LogLevel::Error, LogCategory::Vulkan, "loud {}", 2);
    setLogSink({});
    CHECK(lines == std::vector<std::string>{"error vulkan loud 2"});
}
