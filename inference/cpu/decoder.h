#pragma once
// Runs tokens through a model on the CPU: the operations of inference/decoder.h in C++, for machines without a GPU and for
// comparisons. Owns scratch memory and threads; weights and cache belong to others. One thread calls; all cores compute.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/cpu/host_weights.h"
#include "models/hyperparams.h"
#include "models/tokenizer.h"

namespace ponder::cpu {

struct DecoderOptions {
    uint32_t context = 0;      // tokens
    uint32_t chunkTokens = 64; // of one pass
    bool precise = false;      // float activations and cache
    std::vector<float> ropeFactors;
};

// A block of the cache: for every layer the rows of its tokens, keys before values; MLA keeps one row, its latent.
struct CacheShape {
    size_t layers = 0, keyValues = 0, valueValues = 0; // of a token, in a layer; latent: valueValues 0
    bool half = true;
    size_t rowBytes(size_t values) const { return values * (half ? 2 : 4); }
    size_t layerBytes() const; // of one block
    size_t blockBytes() const { return layers * layerBytes(); }
};
CacheShape cacheShape(const models::Hyperparams& p, bool precise);

class Decoder {
public:
    static Result<std::unique_ptr<Decoder>> create(ThreadPool& pool, const models::Hyperparams& p,
                                                   const HostWeights& weights, const DecoderOptions& options);
    ~Decoder();

    // Tokens of one sequence from `position` on; `blocks` are the addresses of its cache blocks. At most chunkTokens.
    // Cancelled between layers: then keys and values from `position` on are not to be relied upon.
    Result<void> run(std::span<const models::TokenId> ids, uint32_t position,
                     std::span<const uint64_t> blocks, std::stop_token stop = {});
    std::span<const float> logits(); // of the last row of the last run: [n_vocab]; computed when asked for
    Result<void> allLogits(const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink);
    // As inference/decoder.h says.
    Result<void> predict(std::span<const models::TokenId> next, uint32_t position,
                         std::span<const uint64_t> blocks,
                         const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink);
    uint32_t chunkTokens() const;
    std::string describe() const;

private:
    struct Data;
    explicit Decoder(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::cpu
