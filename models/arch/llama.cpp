// Llama 2 and 3 and what shares their shape (SmolLM2, Mistral 7B), the base of R1-Distill-Llama 8B and 70B: grouped-query
// attention, rotary over neighbours (converters permute rows so that this is right), gated SiLU. rope_freqs of Llama 3.1
// divides each frequency.
#include "models/arch/arch.h"

namespace ponder::models {

namespace {

std::vector<TensorSpec> tensors(const Hyperparams& p) {
    TensorList list;
    listOuterTensors(list, p);
    list.optional("rope_freqs.weight", {p.rope_dim / 2});
    listDenseBlocks(list, p);
    return list.take();
}

} // namespace

const Architecture kLlama{.name = "llama", .displayName = "Llama", .tensors = tensors};

} // namespace ponder::models
