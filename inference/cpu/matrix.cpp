#include "inference/cpu/matrix.h"

#include "models/base/result.h"

namespace ponder::cpu {

size_t Matrix::rowBytes() const {
    const models::QuantTypeInfo& info = models::quantTypeInfo(type);
    return columns / info.valuesPerBlock * info.bytesPerBlock;
}

void multiply(ThreadPool& pool, Isa isa, const Matrix& matrix, const ActivationView& x, std::span<float> y) {
    PONDER_CHECK(x.columns == matrix.columns && y.size() >= x.rows * matrix.rows);
    const Kernels& all = kernels(isa);
    const size_t type = static_cast<size_t>(matrix.type);
    const Kernels::Rows rows = x.bytes != nullptr ? all.rows[type] : all.preciseRows[type];
    pool.split(matrix.rows, 4, [&](size_t begin, size_t end) {
        rows({matrix.data, matrix.rowBytes(), begin, end, x, y.data(), matrix.rows});
    });
}

} // namespace ponder::cpu
