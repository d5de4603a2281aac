// rms_norm and the gated activation against plain loops.

#include "inference/kernels/attention.h"
#include "inference/kernels/matmul_parts.h"
#include "tests/kernels/support/compare.h"
#include "tests/kernels/support/gpu.h"
#include "tests/kernels/support/rounded.h"
#include "tests/reference/matmul.h"
#include "tests/reference/norm.h"

namespace ponder::test {

namespace {

// The sum of squares is a tree of float32 additions, off by some 1e-6 at most; the rest is four roundings of
// 2^-24 and a square root and a division of 2 and 2.5 units: an error of 1e-6, NMSE 1e-12.
constexpr double kNormLimit = 1e-12;
// exp may be off by (3 + 2|x|) units of 2^-23: 3e-6 at 10; then a division and two roundings. NMSE 1e-11.
constexpr double kActLimit = 1e-11;

// The numbers and scales of what a kernel computed, against rounding those same values here. A value that lies between two
// numbers may go either way.
void checkRounded(const std::vector<float>& y, const RoundedRows& got, const std::string& what) {
    const reference::RoundedRow expected = reference::roundedRow(y);
    INFO(what);
    for (size_t block = 0; block < y.size() / 16; ++block) {
        CHECK(std::abs(got.scales[block] - expected.scales[block]) <= 1e-6f * expected.scales[block]);
        int sum = 0;
        for (size_t i = block * 16; i < block * 16 + 16; ++i) {
            const int number = got.numbers[i];
            sum += number;
            if (number == expected.numbers[i]) continue;
            const float exact = expected.scales[block] > 0 ? y[i] / expected.scales[block] : 0;
            CHECK(std::abs(exact - static_cast<float>(number)) <= 0.51f);
        }
        CHECK(got.sums[block] == static_cast<float>(sum));
    }
}

struct Rounding {
    Rounding(uint32_t width, uint32_t rows)
        : columns(width), n(rows), numbers(roundedNumberBytes(width, rows)),
          scales(roundedScaleBytes(width, rows)) {}
    kernels::Prepared view() const {
        return {.rounded = {numbers.view(), scales.view(), {}, 0}, .halves = {}};
    }
    void check(const std::vector<float>& y, const std::string& what) const {
        checkRounded(y, roundedRows(numbers.values<int8_t>(), scales.values<float>(), columns, n), what);
    }
    uint32_t columns, n;
    GuardedBuffer numbers, scales;
};

} // namespace

TEST_SUITE("elementwise") {
    TEST_CASE("results are rounded beside the norm and the activation, the same values") {
        const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
        uint32_t seed = 80;
        struct Shape {
            uint32_t columns, n;
        };
        for (const Shape& shape : {Shape{16, 1}, {48, 3}, {256, 8}, {3584, 1}, {9008, 2}}) {
            const size_t count = size_t{shape.columns} * shape.n;
            auto x = normalValues(count, seed, 3);
            for (size_t i = count - 16; i < count; ++i) x[i] = 0; // a block of nothing
            const auto weight = normalValues(shape.columns, seed + 1);
            const auto input = upload(x), weights = upload(weight), up = upload(normalValues(count, seed + 2));
            const GuardedBuffer y(count * sizeof(float)), plain(count * sizeof(float));
            const Rounding norm(shape.columns, shape.n), act(shape.columns, shape.n);
            const std::string what = fmt::format("{} x {}, seed {}", shape.n, shape.columns, seed);
            run([&](vulkan::CommandRecorder& recorder) {
                require(elementwise->recordRmsNorm(recorder, input.view(), weights.address(), y.view(),
                                                   shape.columns, shape.n, 1e-6f, norm.view()));
                require(elementwise->recordRmsNorm(recorder, input.view(), weights.address(), plain.view(),
                                                   shape.columns, shape.n, 1e-6f));
            });
            CHECK(y.values<float>() == plain.values<float>());
            checkClose(reference::rmsNorm(x, weight, double{1e-6f}), y.values<float>(), kNormLimit, what);
            norm.check(y.values<float>(), "rms_norm " + what);
            run([&](vulkan::CommandRecorder& recorder) {
                require(elementwise->recordGatedSilu(recorder, input.view(), up.view(), y.view(),
                                                     shape.columns, shape.n, act.view()));
                require(elementwise->recordGatedSilu(recorder, input.view(), up.view(), plain.view(),
                                                     shape.columns, shape.n));
            });
            CHECK(y.values<float>() == plain.values<float>());
            act.check(y.values<float>(), "gated silu " + what);
            seed += 3;
        }
    }
    TEST_CASE("results that leave as f16 are those of a conversion, bit by bit") {
        const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
        uint32_t seed = 120;
        struct Shape {
            uint32_t columns, n;
        };
        for (const Shape& shape :
             {Shape{1, 1}, {100, 3}, {256, 9}, {3584, 2}, {8960, 2}, {9001, 1}, {28672, 1}}) {
            const size_t count = size_t{shape.columns} * shape.n,
                         halves = size_t{kernels::halfStride(shape.columns)} * shape.n;
            CAPTURE(shape.columns);
            const auto input = upload(normalValues(count, seed, 300)),
                       up = upload(normalValues(count, seed + 1, 300)),
                       weights = upload(normalValues(shape.columns, seed + 2));
            const GuardedBuffer y(count * sizeof(float));
            kernels::HalfActivations converted;
            require(converted.allocate(context(), shape.n, halves));
            const auto check = [&](const std::string& what, const auto& record) {
                const GuardedBuffer values(halves * 2), scales(shape.n * sizeof(float));
                run([&](vulkan::CommandRecorder& recorder) {
                    record(recorder, kernels::Prepared{});
                    record(recorder,
                           kernels::Prepared{.rounded = {}, .halves = {values.view(), scales.view()}});
                    recorder.barrier("floats complete");
                    require(converted.record(recorder, registry(), y.view(), shape.columns, shape.columns,
                                             shape.n));
                });
                INFO(what);
                CHECK(values.values<uint16_t>() == download<uint16_t>(converted.view().values, halves));
                CHECK(scales.values<float>() == download<float>(converted.view().scales, shape.n));
            };
            check("rms_norm", [&](vulkan::CommandRecorder& recorder, const kernels::Prepared& prepared) {
                require(elementwise->recordRmsNorm(recorder, input.view(), weights.address(), y.view(),
                                                   shape.columns, shape.n, 1e-6f, prepared));
            });
            check("gated silu", [&](vulkan::CommandRecorder& recorder, const kernels::Prepared& prepared) {
                require(elementwise->recordGatedSilu(recorder, input.view(), up.view(), y.view(),
                                                     shape.columns, shape.n, prepared));
            });
            seed += 3;
        }
    }
    TEST_CASE("rms_norm: widths from one to the largest of the family, odd ones, many rows") {
        const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
        struct Shape {
            uint32_t columns, n;
            float scale;
        };
        uint32_t seed = 1;
        for (const Shape& shape : {Shape{1, 1, 1},
                                   {7, 3, 1},
                                   {63, 2, 1e-3f},
                                   {64, 5, 1},
                                   {65, 1, 100},
                                   {896, 4, 1},
                                   {1536, 2, 1},
                                   {3584, 1, 30},
                                   {5120, 3, 1},
                                   {8192, 1, 1},
                                   {18944, 1, 1},
                                   {128, 300, 1}}) {
            const auto x = normalValues(size_t{shape.columns} * shape.n, seed, shape.scale);
            const auto weight = normalValues(shape.columns, seed + 1);
            const auto input = upload(x), weights = upload(weight);
            const GuardedBuffer y(x.size() * sizeof(float));
            run([&](vulkan::CommandRecorder& recorder) {
                require(elementwise->recordRmsNorm(recorder, input.view(), weights.address(), y.view(),
                                                   shape.columns, shape.n, 1e-6f));
            });
            checkClose(reference::rmsNorm(x, weight, double{1e-6f}), y.values<float>(), kNormLimit,
                       fmt::format("rms_norm of {} x {}, scale {}, seed {}", shape.n, shape.columns,
                                   shape.scale, seed));
            seed += 2;
        }
    }
    TEST_CASE("rms_norm: a row of zeros stays zero, and in place is allowed") {
        const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
        std::vector<float> x(2 * 100, 0.0f);
        x[150] = 3;
        const auto weights = upload(std::vector<float>(100, 1.0f));
        GuardedBuffer both(x.size() * sizeof(float));
        both.set(x);
        run([&](vulkan::CommandRecorder& recorder) {
            require(elementwise->recordRmsNorm(recorder, both.view(), weights.address(), both.view(), 100, 2,
                                               1e-5f));
        });
        checkClose(reference::rmsNorm(x, std::vector<float>(100, 1.0f), double{1e-5f}), both.values<float>(),
                   kNormLimit, "rms_norm in place");
    }
    TEST_CASE("gated silu: any number of values, large magnitudes, in place") {
        const auto elementwise = require(kernels::Elementwise::create(context(), registry()));
        uint32_t seed = 50;
        for (const uint32_t count : {1u, 3u, 511u, 512u, 513u, 18944u, 100001u}) {
            const auto gate = normalValues(count, seed, 4), up = normalValues(count, seed + 1);
            GuardedBuffer y(count * sizeof(float));
            y.set(gate);
            const auto upper = upload(up);
            run([&](vulkan::CommandRecorder& recorder) {
                require(elementwise->recordGatedSilu(recorder, y.view(), upper.view(), y.view(), count, 1));
            });
            checkClose(reference::gatedSilu(gate, up), y.values<float>(), kActLimit,
                       fmt::format("gated silu of {}, seed {}", count, seed));
            seed += 2;
        }
        const std::vector<float> extremes{-200, -88, -1e30f, 88, 200, 1e30f, 0, -0.0f};
        const auto gate = upload(extremes), up = upload(std::vector<float>(extremes.size(), 1.0f));
        const GuardedBuffer y(extremes.size() * sizeof(float));
        run([&](vulkan::CommandRecorder& recorder) {
            require(elementwise->recordGatedSilu(recorder, gate.view(), up.view(), y.view(),
                                                 static_cast<uint32_t>(extremes.size()), 1));
        });
        const auto got = y.values<float>();
        for (size_t i = 0; i < extremes.size(); ++i) {
            INFO("silu(", extremes[i], ") = ", got[i]);
            CHECK(std::abs(got[i] - (extremes[i] > 0 ? extremes[i] : 0.0f)) <= 1e-6f * std::abs(extremes[i]));
        }
    }
}

} // namespace ponder::test
