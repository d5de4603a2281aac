// Qwen 2 and 2.5, the base of R1-Distill-Qwen 1.5B to 32B: grouped-query attention with biases on queries, keys and values,
// rotary over halves, gated SiLU.
#include "models/arch/arch.h"

namespace ponder::models {

namespace {

std::vector<TensorSpec> tensors(const Hyperparams& p) {
    TensorList list;
    listOuterTensors(list, p);
    listDenseBlocks(list, p);
    return list.take();
}

} // namespace

const Architecture kQwen2{.name = "qwen2", .displayName = "Qwen 2", .tensors = tensors};

} // namespace ponder::models
