#pragma once
// The models that random weights can take the shape of: the R1 family and V2-Lite, by the numbers of their config.json.
// A new one is one entry in shapes.cpp. Immutable; any thread.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/hyperparams.h"

namespace ponder::models::synthetic {

struct SpecialToken {
    uint32_t id;
    std::string_view text;
};

struct Shape {
    std::string_view name;  // "r1-distill-qwen-7b"
    std::string_view title; // for people
    Hyperparams hyperparams;
    std::string_view splitting; // tokenizer.ggml.pre
    uint32_t n_tokens;          // of the vocabulary; n_vocab rows may be more
    SpecialToken bos, eos;
    std::vector<SpecialToken> marks; // of R1's layout, and of thoughts
};

std::span<const Shape> shapes();

} // namespace ponder::models::synthetic
