// bench_cpu [THREADS [ISA [FORMAT]]]: what the products of the CPU kernels reach, format by format, two ways.
//   core: one thread over a matrix that stays in its L2 cache: the pure cost of computing, as GB/s of weights, by the time
//         that the thread had a processor, so that what else runs matters little; with 1, 4, 16 and 64 tokens in GFLOP/s.
//   all:  every thread over a matrix larger than any cache, beside the rate at which the same memory is only read.
// THREADS 0: all cores. ISA: as isaName() writes it. FORMAT: only this one.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

#include "inference/cpu/matrix.h"
#include "tests/reference/dequant.h"

using namespace ponder;
using namespace ponder::cpu;

namespace {

constexpr size_t kColumns = 7168;
constexpr size_t kBytes = size_t{1} << 29;     // of the large matrix
constexpr size_t kCoreBytes = size_t{3} << 18; // of the small one
constexpr int kRepeats = 9;

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double threadSeconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// The least of several times: at most `repeats`, and no more once they have taken half a second.
template <typename Work>
double bestSeconds(double (*now)(), int repeats, Work work) {
    double best = 1e9, all = 0;
    for (int i = 0; i < repeats && (i < 3 || all < 0.5); ++i) {
        const double start = now();
        work();
        const double time = now() - start;
        best = std::min(best, time);
        all += time;
    }
    return best;
}

// Activations that are not all alike.
Activations someActivations(size_t tokens) {
    std::vector<float> x(kColumns * tokens);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 17) - 8;
    Activations activations;
    activations.assign(x, tokens, kColumns, true);
    return activations;
}

// Rows of a format, as many as fit into the memory: 16 random ones, again and again.
Matrix fillRows(const models::QuantTypeInfo& info, std::span<uint8_t> memory) {
    std::mt19937 random(1);
    const size_t rowBytes = kColumns / info.valuesPerBlock * info.bytesPerBlock;
    const size_t rows = memory.size() / rowBytes / 16 * 16;
    const auto few = reference::randomBlocks(info.type, kColumns * 16, 1.0f, random);
    for (size_t row = 0; row < rows; ++row)
        std::copy_n(few.data() + row % 16 * rowBytes, rowBytes, memory.data() + row * rowBytes);
    return {memory.data(), info.type, rows, kColumns};
}

void benchCore(const models::QuantTypeInfo& info, Isa isa) {
    ThreadPool one(1);
    std::vector<uint8_t> memory(kCoreBytes);
    const Matrix matrix = fillRows(info, memory);
    std::printf("%-8s core ", std::string(info.name).c_str());
    for (const size_t tokens : {size_t{1}, size_t{4}, size_t{16}, size_t{64}}) {
        const Activations activations = someActivations(tokens);
        std::vector<float> y(matrix.rows * tokens);
        const double time = bestSeconds(threadSeconds, tokens == 1 ? 200 : 20,
                                        [&] { multiply(one, isa, matrix, activations.view(), y); });
        if (tokens == 1)
            std::printf("%6.1f GB/s, GFLOP/s by tokens:",
                        static_cast<double>(matrix.rows * matrix.rowBytes()) / time / 1e9);
        std::printf(" %zu: %.0f", tokens,
                    2.0 * static_cast<double>(matrix.rows * kColumns * tokens) / time / 1e9);
    }
    std::printf("\n");
}

void benchAll(ThreadPool& pool, const models::QuantTypeInfo& info, Isa isa, std::span<uint8_t> memory,
              double rate) {
    const Matrix all = fillRows(info, memory);
    std::printf("%-8s all  ", std::string(info.name).c_str());
    for (const size_t tokens : {size_t{1}, size_t{32}}) {
        const Activations activations = someActivations(tokens);
        Matrix matrix = all;
        if (tokens > 1) matrix.rows /= 16;
        std::vector<float> y(matrix.rows * tokens);
        const double time =
            bestSeconds(wallSeconds, kRepeats, [&] { multiply(pool, isa, matrix, activations.view(), y); });
        const double gigabytes = static_cast<double>(matrix.rows * matrix.rowBytes()) / time / 1e9;
        if (tokens == 1)
            std::printf("%6.1f GB/s %4.0f%%", gigabytes, 100 * gigabytes / rate);
        else
            std::printf("   %zu tokens: %6.0f GFLOP/s\n", tokens,
                        2.0 * static_cast<double>(matrix.rows * kColumns * tokens) / time / 1e9);
    }
}

constexpr size_t kAhead = 2048 / sizeof(uint64_t); // asked for ahead, without which a core waits for memory

// What the memory gives when it is only read.
double readRate(ThreadPool& pool, std::span<const uint64_t> memory) {
    volatile uint64_t sink = 0;
    const double time = bestSeconds(wallSeconds, kRepeats, [&] {
        pool.split(memory.size(), 4096, [&](size_t begin, size_t end) {
            uint64_t sums[8] = {};
            for (size_t i = begin; i + 8 <= end; i += 8) {
                __builtin_prefetch(memory.data() + i + kAhead);
                for (size_t l = 0; l < 8; ++l) sums[l] ^= memory[i + l];
            }
            for (const uint64_t sum : sums) sink = sink ^ sum;
        });
    });
    return static_cast<double>(memory.size_bytes()) / time / 1e9;
}

} // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    ThreadPool pool(argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 0);
    const Isa isa = argc > 2 ? isaFromName(argv[2]).value_or(detectIsa()) : detectIsa();
    const auto wanted = [&](const models::QuantTypeInfo& info) { return argc <= 3 || info.name == argv[3]; };
    std::printf("%zu threads, %s\n", pool.size(), std::string(isaName(isa)).c_str());
    for (const models::QuantTypeInfo& info : models::allQuantTypes())
        if (wanted(info)) benchCore(info, isa);
    std::vector<uint64_t> memory(kBytes / 8);
    pool.split(memory.size(), 4096,
               [&](size_t begin, size_t end) { std::fill(&memory[begin], &memory[end - 1] + 1, begin); });
    const double rate = readRate(pool, memory);
    std::printf("%-8s all  %6.1f GB/s\n", "read", rate);
    const std::span bytes(reinterpret_cast<uint8_t*>(memory.data()), kBytes);
    for (const models::QuantTypeInfo& info : models::allQuantTypes())
        if (wanted(info)) benchAll(pool, info, isa, bytes, rate);
}
