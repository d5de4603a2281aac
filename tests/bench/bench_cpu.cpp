// bench_cpu [THREADS]: GB/s of weights that a matrix-vector product reads, format by format, beside the rate at which the
// same memory is only read. The matrices are larger than any cache.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "inference/cpu/matrix.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using namespace ponder::cpu;

namespace {

constexpr size_t kBytes = size_t{1} << 29;
constexpr int kRepeats = 5;

template <typename Work>
double bestSeconds(Work work) {
    double best = 1e9;
    for (int i = 0; i < kRepeats; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

} // namespace

int main(int argc, char** argv) {
    ThreadPool pool(argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 0);
    std::printf("%zu threads, %s\n", pool.size(), std::string(isaName(detectIsa())).c_str());
    std::vector<uint64_t> memory(kBytes / 8);
    pool.split(memory.size(), 4096,
               [&](size_t begin, size_t end) { std::fill(&memory[begin], &memory[end - 1] + 1, begin); });
    volatile uint64_t sink = 0;
    const double read = bestSeconds([&] {
        pool.split(memory.size(), 4096, [&](size_t begin, size_t end) {
            uint64_t sums[8] = {};
            for (size_t i = begin; i + 8 <= end; i += 8)
                for (size_t l = 0; l < 8; ++l) sums[l] ^= memory[i + l];
            for (const uint64_t sum : sums) sink = sink ^ sum;
        });
    });
    const double rate = kBytes / read / 1e9;
    std::printf("%-8s %7.1f GB/s\n", "read", rate);
    std::mt19937 random(1);
    constexpr size_t kColumns = 7168;
    for (const models::QuantTypeInfo& info : models::allQuantTypes()) {
        const size_t rowBytes = kColumns / info.valuesPerBlock * info.bytesPerBlock, rows = kBytes / rowBytes;
        const auto few = reference::randomBlocks(info.type, kColumns * 16, 1.0f, random);
        auto* const weights = reinterpret_cast<uint8_t*>(memory.data());
        for (size_t row = 0; row < rows; ++row)
            std::copy_n(few.data() + row % 16 * rowBytes, rowBytes, weights + row * rowBytes);
        std::vector<float> x(kColumns * 32, 0.5f), y(rows * 32);
        for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 17) - 8;
        for (const size_t tokens : {size_t{1}, size_t{32}}) {
            Activations activations;
            activations.assign(std::span(x).first(kColumns * tokens), tokens, kColumns, true);
            const Matrix matrix{weights, info.type, tokens == 1 ? rows : rows / 16, kColumns};
            const double time =
                bestSeconds([&] { multiply(pool, detectIsa(), matrix, activations.view(), y); });
            const double bytes = static_cast<double>(matrix.rows * rowBytes);
            if (tokens == 1)
                std::printf("%-8s %7.1f GB/s  %4.0f%%", std::string(info.name).c_str(), bytes / time / 1e9,
                            100 * bytes / time / 1e9 / rate);
            else
                std::printf("   32 tokens: %6.0f GFLOP/s\n",
                            2.0 * static_cast<double>(matrix.rows * kColumns * tokens) / time / 1e9);
        }
    }
}
