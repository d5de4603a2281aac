#pragma once
// Runs tokens through a model on the CPU: the operations of inference/decoder.h in C++, for machines without a GPU and for
// comparisons. Owns scratch memory and threads; weights and cache belong to others. One thread calls; all cores compute.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "inference/cpu/host_weights.h"
#include "inference/forward.h"
#include "models/hyperparams.h"

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
    size_t firstLayer = 0;                             // of the model's, where the others' lie elsewhere
    bool half = true;
    size_t rowBytes(size_t values) const { return values * (half ? 2 : 4); }
    size_t layerBytes() const; // of one block
    size_t blockBytes() const { return layers * layerBytes(); }
};
CacheShape cacheShape(const models::Hyperparams& p, bool precise);

class Decoder final : public inference::Forward {
public:
    static Result<std::unique_ptr<Decoder>> create(ThreadPool& pool, const models::Hyperparams& p,
                                                   const HostWeights& weights, const DecoderOptions& options);
    ~Decoder() override;

    // Block addresses are pointers; cancelled between layers.
    Result<void> run(std::span<const models::TokenId> ids, uint32_t position,
                     std::span<const uint64_t> blocks, Head head, std::stop_token stop = {}) override;
    std::span<const float> logits() const override;
    Result<void> allLogits(const LogitSink& sink) override;
    Result<void> predict(std::span<const models::TokenId> next, uint32_t position,
                         std::span<const uint64_t> blocks, const LogitSink& sink) override;
    uint32_t chunkTokens() const override;
    inference::ExpertUse expertUse() const override; // the CPU is the device here
    std::span<const uint64_t> expertCounts(uint32_t block) const override;
    std::string describe() const override;

private:
    struct Data;
    explicit Decoder(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::cpu
