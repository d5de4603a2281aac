#pragma once
// What the host sides of the matrix families share: names of kernels, the codebooks on the device, and activations converted
// to f16 for cooperative matrices or rounded for mat-vec. Owns these buffers; must not outlive context and registry. Belongs to
// the engine's thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "inference/kernels/matmul_plan.h"
#include "inference/kernels/prepared.h"
#include "inference/vulkan/command_recorder.h"

namespace ponder::kernels {

inline uint32_t ceilDiv(uint64_t a, uint64_t b) { return static_cast<uint32_t>((a + b - 1) / b); }

std::string kernelName(std::string_view family, models::QuantType type); // "matvec_q4_k"

// Whether every row of a matrix starts 16-byte aligned. Only formats without blocks ask; the others would make a second
// pipeline of the same kernel.
uint32_t rowsAligned(models::QuantType type, uint64_t rowBytes);

// Specialization constants of the cooperative kernels.
vulkan::SpecConstants matrixConstants(const MatMulPlan& plan, uint32_t aligned);
// And of the mat-vec ones.
vulkan::SpecConstants vectorConstants(const MatMulPlan& plan, const vulkan::DeviceCaps& caps, uint32_t n,
                                      uint32_t columns, uint32_t aligned, bool xAligned);
// Of those with rounded activations, which may want a norm's factor.
vulkan::SpecConstants integerConstants(const MatMulPlan& plan, const vulkan::DeviceCaps& caps, uint32_t n,
                                       uint32_t columns, bool normed);

// Products are of no more tokens than memory was taken for.
Result<void> requireTokens(uint32_t n, uint32_t most);

Result<vulkan::Buffer> uploadCodebooks(const vulkan::Context& context);

// Rows of activations as the cooperative kernels want them: f16, scaled by powers of two. One conversion at a time.
class HalfActivations {
public:
    // values: the most of a conversion, rows * halfStride(columns).
    Result<void> allocate(const vulkan::Context& context, uint64_t rows, uint64_t values);
    // Ends with a barrier: converted when what follows reads it.
    Result<void> record(vulkan::CommandRecorder& recorder, vulkan::KernelRegistry& registry,
                        const vulkan::BufferView& x, uint32_t xStride, uint32_t columns, uint32_t rows) const;
    HalfView view() const { return {m_values.view(), m_scales.view()}; }

private:
    vulkan::Buffer m_values; // f16 [rows][halfStride(columns)]
    vulkan::Buffer m_scales; // float [rows]
};

// Rows of activations rounded for products of int8 (int8_view.h). One x at a time.
class Int8Activations {
public:
    // rows, columns: the most of an x.
    Result<void> allocate(const vulkan::Context& context, uint32_t rows, uint32_t columns);
    // Ends with a barrier: rounded when what follows reads it.
    Result<void> record(vulkan::CommandRecorder& recorder, vulkan::KernelRegistry& registry,
                        const vulkan::BufferView& x, uint32_t xStride, uint32_t columns, uint32_t rows) const;
    Int8View view() const { return {m_numbers.view(), m_scales.view(), {}, 0}; }

private:
    vulkan::Buffer m_numbers, m_scales;
};

// What the host side of either family works with.
struct MatMulTools {
    const vulkan::Context& context;
    vulkan::KernelRegistry& registry;
    MatMulOverrides overrides;
    bool precise = false;
    vulkan::Buffer codebooks;
    HalfActivations halves; // only for cooperative matrices

    // coopmat: a cooperative kernel of the family; where the build has none of them, the plain ones run.
    static MatMulTools of(const vulkan::Context& context, vulkan::KernelRegistry& registry,
                          const MatMulOverrides& overrides, bool precise, std::string_view coopmat);
    // rows, values: the most of a conversion to f16; no rows: none is ever wanted.
    Result<void> allocate(uint64_t rows, uint64_t values);
};
MatMulOverrides overridesOfTuning();

} // namespace ponder::kernels
