// Rows of a matrix by their numbers: the embedding of tokens. The values themselves are dequant_test's.
#include <cstring>

#include <doctest/doctest.h>

#include "tests/kernels/support/matrix.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using models::QuantType;
using test::require;

TEST_SUITE("get_rows") {

    TEST_CASE("rows out of order, repeated, from two segments; numbers that are no row are left out") {
        for (const QuantType type :
             {QuantType::F32, QuantType::F16, QuantType::Q4_K, QuantType::Q6_K, QuantType::Q8_0}) {
            std::mt19937 random(7);
            const uint32_t rows = 37, columns = test::columnsFor(type, 777);
            const test::Matrix matrix(type, rows, columns, random, true);
            const std::vector<uint32_t> ids{36, 0, 17, 18, 18, 19, 37, 1, 0xffffffffu, 35};
            const vulkan::Buffer idBuffer = test::upload(ids);
            const test::GuardedBuffer y(ids.size() * columns * sizeof(float));
            const std::vector<float> before = y.values<float>();
            test::run([&](vulkan::CommandRecorder& recorder) {
                require(test::matMul().recordRows(recorder, matrix.weight, idBuffer.view(), y.view(),
                                                  static_cast<uint32_t>(ids.size())));
            });
            const std::vector<float> got = y.values<float>();
            for (size_t t = 0; t < ids.size(); ++t) {
                CAPTURE(models::quantTypeInfo(type).name);
                CAPTURE(ids[t]);
                std::vector<float> expected(before.begin() + static_cast<ptrdiff_t>(t * columns),
                                            before.begin() + static_cast<ptrdiff_t>((t + 1) * columns));
                if (ids[t] < rows)
                    reference::dequantize(type, matrix.bytes.data() + ids[t] * matrix.weight.rowBytes,
                                          expected);
                CHECK(std::memcmp(expected.data(), &got[t * columns], columns * sizeof(float)) == 0);
            }
        }
    }

    TEST_CASE("more tokens than workgroups along an axis") {
        std::mt19937 random(8);
        const test::Matrix matrix(QuantType::F16, 3, 4, random);
        const uint32_t n = 70000;
        std::vector<uint32_t> ids(n);
        for (uint32_t i = 0; i < n; ++i) ids[i] = i % 3;
        const vulkan::Buffer idBuffer = test::upload(ids);
        const test::GuardedBuffer y(uint64_t{n} * 4 * sizeof(float));
        test::run([&](vulkan::CommandRecorder& recorder) {
            require(test::matMul().recordRows(recorder, matrix.weight, idBuffer.view(), y.view(), n));
        });
        const std::vector<float> got = y.values<float>();
        CHECK(std::memcmp(&got[0], &got[uint64_t{n - 1} / 3 * 3 * 4], 16) == 0);
        CHECK(std::memcmp(&got[4], &got[uint64_t{n - 3} / 3 * 3 * 4 + 4], 16) == 0);
    }
}
