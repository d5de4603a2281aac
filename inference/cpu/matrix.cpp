#include "inference/cpu/matrix.h"

#include <algorithm>

#include "models/base/result.h"

namespace ponder::cpu {

namespace {

// What a thread takes of a matrix at a time: small enough that threads end together, large enough that kernels of many tokens,
// which work on sixteen rows, and the asking for pieces cost nothing by comparison.
constexpr size_t kPiecesPerThread = 8, kLeastRows = 16, kMostRows = 128;

} // namespace

size_t Matrix::rowBytes() const {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    return columns / info.valuesPerBlock * info.bytesPerBlock;
}

void multiply(ThreadPool& pool, Isa isa, const Matrix& matrix, const ActivationView& x, std::span<float> y) {
    PONDER_CHECK(x.columns == matrix.columns && y.size() >= x.rows * matrix.rows);
    const Kernels& all = kernels(isa);
    const size_t type = static_cast<size_t>(matrix.type);
    const Kernels::Rows rows = x.bytes != nullptr ? all.rows[type] : all.preciseRows[type];
    const size_t pieces = pool.size() * kPiecesPerThread;
    const size_t grain = std::clamp((matrix.rows / pieces + 15) / 16 * 16, kLeastRows, kMostRows);
    pool.balance(matrix.rows, grain, [&](size_t begin, size_t end) {
        rows({matrix.data, matrix.rowBytes(), begin, end, x, y.data(), matrix.rows});
    });
}

} // namespace ponder::cpu
