#pragma once
// Which format each tensor of made-up weights is stored in: one format for all matrices, or a mix such as Q4_K_M, by the rules
// of llama.cpp's quantizer (src/llama-quant.cpp, llama_tensor_get_type and its fallback), so that bytes lie where they lie in
// the files that people download. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "models/architecture.h"
#include "models/hyperparams.h"
#include "models/quant_type.h"

namespace ponder::models::synthetic {

struct MixRow;

class Mix {
public:
    static std::optional<Mix>
    find(std::string_view name); // "q4_k_m", "IQ1_S"; nothing: neither a mix nor a format
    static std::string names();  // of all that find() knows, for an error

    std::string_view name() const;
    // n_layers of `whole` is that of the model, not of a cut one, so that a cut model has the first layers of the whole.
    QuantType typeOf(const TensorSpec& tensor, const Hyperparams& whole) const;

private:
    const MixRow* m_mix = nullptr; // null: one format
    QuantType m_type = QuantType::F32;
};

} // namespace ponder::models::synthetic
