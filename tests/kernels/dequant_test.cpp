// Every format's values, bit by bit: the plain loops and the device against the values that the gguf Python package gives
// (quant-formats.gguf: random blocks that use every codebook entry), and the device against the loops on our own blocks.
#include <cstdlib>
#include <span>

#include <doctest/doctest.h>

#include "models/gguf_file.h"
#include "models/quant_codebooks.h"
#include "tests/kernels/support/matrix.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using models::QuantType;
using test::require;

namespace {

std::string lower(std::string_view name) {
    std::string text(name);
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

// Rows 0 .. rows-1 of a matrix as the device gives them.
std::vector<float> deviceRows(const test::Matrix& matrix) {
    std::vector<uint32_t> ids(matrix.weight.rows);
    for (uint32_t i = 0; i < ids.size(); ++i) ids[i] = i;
    const vulkan::Buffer idBuffer = test::upload(ids);
    const test::GuardedBuffer y(uint64_t{matrix.weight.rows} * matrix.weight.columns * sizeof(float));
    test::run([&](vulkan::CommandRecorder& recorder) {
        require(test::matMul().recordRows(recorder, matrix.weight, idBuffer.view(), y.view(),
                                          matrix.weight.rows));
    });
    return y.values<float>();
}

void checkSameBits(std::string_view what, const std::vector<float>& expected, const std::vector<float>& got) {
    REQUIRE(expected.size() == got.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        if (std::memcmp(&expected[i], &got[i], 4) == 0) continue;
        FAIL_CHECK(what << ": value " << i << ": expected " << expected[i] << ", got " << got[i]);
        return;
    }
    CHECK(true);
}

std::vector<float> loops(QuantType type, const std::vector<uint8_t>& bytes, uint32_t rows, uint32_t columns) {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    std::vector<float> values(uint64_t{rows} * columns);
    for (uint64_t r = 0; r < rows; ++r)
        reference::dequantize(type, bytes.data() + r * columns / info.valuesPerBlock * info.bytesPerBlock,
                              std::span(values).subspan(r * columns, columns));
    return values;
}

} // namespace

TEST_SUITE("dequant") {

    TEST_CASE("the values of quant-formats.gguf, exactly") {
        const char* folder = std::getenv("PONDER_TEST_DATA");
        const std::string path = std::string(folder ? folder : PONDER_UNPACKED_DATA) + "/quant-formats.gguf";
        const auto file = require(models::GgufFile::open(path));
        int formats = 0;
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            const std::string name = lower(info.name);
            const models::TensorInfo* blocks = file.find(name);
            const models::TensorInfo* values = file.find(name + ".f32");
            if (info.type == QuantType::F32 || info.type == QuantType::F16) continue; // not in it
            REQUIRE_MESSAGE(blocks, name);
            REQUIRE_MESSAGE(values, name);
            const auto rows = static_cast<uint32_t>(blocks->rows()),
                       columns = static_cast<uint32_t>(blocks->columns());
            std::vector<uint8_t> bytes(blocks->sizeBytes);
            REQUIRE(file.read(*blocks, std::as_writable_bytes(std::span(bytes))).ok());
            std::vector<float> expected(values->values());
            REQUIRE(file.read(*values, std::as_writable_bytes(std::span(expected))).ok());
            checkSameBits(name + " by the loops", expected, loops(info.type, bytes, rows, columns));
            checkSameBits(name + " by the device", expected,
                          deviceRows(test::Matrix(info.type, rows, columns, bytes)));
            ++formats;
        }
        CHECK(formats == models::kQuantTypeCount - 2);
    }

    TEST_CASE("random blocks of every format, exactly") {
        for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
            std::mt19937 random(1234 + static_cast<uint32_t>(info.type));
            for (const uint32_t rows : {1u, 5u}) {
                const uint32_t columns = test::columnsFor(info.type, 700);
                const test::Matrix matrix(info.type, rows, columns, random);
                checkSameBits(info.name, loops(info.type, matrix.bytes, rows, columns), deviceRows(matrix));
            }
        }
    }

    TEST_CASE("formats without blocks take any number of columns") {
        std::mt19937 random(99);
        for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
            for (const uint32_t columns : {1u, 2u, 3u, 7u, 8u, 31u, 33u, 255u, 256u, 257u, 520u}) {
                const test::Matrix matrix(type, 3, columns, random);
                checkSameBits(models::quantTypeInfo(type).name, loops(type, matrix.bytes, 3, columns),
                              deviceRows(matrix));
            }
    }

    TEST_CASE("the eighth sign makes their number even") {
        CHECK(models::evenSigns(0) == 0);
        CHECK(models::evenSigns(1) == 0x81);
        CHECK(models::evenSigns(3) == 3);
        CHECK(models::evenSigns(0x7f) == 0xff);
    }
}
