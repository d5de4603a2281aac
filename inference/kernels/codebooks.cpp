#include "inference/kernels/codebooks.h"

#include <algorithm>

#include "models/base/result.h"
#include "models/quant_codebooks.h"
#include "shaders/shared/quant_blocks.h"

namespace ponder::kernels {

std::vector<uint32_t> codebookWords() {
    using models::Grid;
    std::vector<uint32_t> words(shared::CODEBOOK_WORDS);
    const auto put = [&](uint32_t first, uint32_t end, Grid grid) {
        const std::vector<uint32_t> of = models::gridWords(grid);
        PONDER_CHECK(of.size() == end - first);
        std::copy(of.begin(), of.end(), words.begin() + first);
    };
    put(shared::CODEBOOK_IQ1, shared::CODEBOOK_IQ2_XXS, Grid::Iq1);
    put(shared::CODEBOOK_IQ2_XXS, shared::CODEBOOK_IQ2_XS, Grid::Iq2Xxs);
    put(shared::CODEBOOK_IQ2_XS, shared::CODEBOOK_IQ2_S, Grid::Iq2Xs);
    put(shared::CODEBOOK_IQ2_S, shared::CODEBOOK_IQ3_XXS, Grid::Iq2S);
    put(shared::CODEBOOK_IQ3_XXS, shared::CODEBOOK_IQ3_S, Grid::Iq3Xxs);
    put(shared::CODEBOOK_IQ3_S, shared::CODEBOOK_WORDS, Grid::Iq3S);
    return words;
}

} // namespace ponder::kernels
