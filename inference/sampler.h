#pragma once
// Chooses the next token from logits: a pure function of logits, settings, the tokens looked back upon, seed
// and position. The object owns scratch memory only, so that a step allocates nothing. One thread.
//
// Order, as in Hugging Face transformers and vLLM (generation/logits_process.py; R1's defaults were measured
// so): repetition penalty, temperature, top-k, top-p of what top-k left, min-p. Logits that are not numbers
// are never chosen.
//
// Weights are float32 from additions and multiplications alone, and are added as whole numbers of 2^-44 of the greatest, so that no
// order of adding changes the choice: kernels/sampling.h makes the same one on a device.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "inference/protocol/messages.h"
#include "models/tokenizer.h"

namespace ponder::inference {

// A number in [0, 1) that depends on its arguments only: Philox4x32-10 (Salmon et al., "Parallel random
// numbers: as easy as 1, 2, 3", SC'11) with the seed as key and the position as counter.
double uniformAt(uint64_t seed, uint64_t position);

// Settings as what is done with them, whatever chooses.
struct SamplingSteps {
    bool greedy = false;    // the greatest; what follows does not count
    float scale = 1;        // 1 / temperature
    uint32_t topK = 0;      // 0: all
    bool takesMass = false; // top-p
    uint64_t topP = 0;      // in units of 2^-53
    float floorWeight = 0;  // min-p
    uint32_t window = 0;    // tokens whose repetition is penalised; 0: none
    float penalty = 1;
};
// `choices`: tokens there are to choose from.
SamplingSteps samplingSteps(const protocol::SamplingParams& params, size_t choices);

class Sampler {
public:
    // `recent`: the latest tokens, oldest first; of them the last params.penaltyWindow count. `position`: of
    // the token that is chosen, from the start of the sequence. Nothing when no logit is a number above minus
    // infinity.
    std::optional<models::TokenId> sample(std::span<const float> logits,
                                          const protocol::SamplingParams& params,
                                          std::span<const models::TokenId> recent, uint64_t position);

private:
    struct Candidate {
        float weight; // exp((logit - greatest) / temperature)
        uint32_t token;
        bool operator==(const Candidate&) const = default;
    };
    // The order in which top-k and top-p keep tokens.
    static bool before(const Candidate& a, const Candidate& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
    }
    void penalise(std::span<float> logits, float penalty, std::span<const models::TokenId> recent);
    void weigh(std::span<const float> logits, float greatest, float scale);
    void gather(float least);
    models::TokenId draw(uint64_t uniform, float floorWeight);
    Candidate lastOfCount(size_t count);
    Candidate lastOfMass(uint64_t mass);

    std::vector<float> m_logits;       // (n_vocab), only when penalties change them
    std::vector<float> m_weights;      // (n_vocab)
    std::vector<float> m_greatest;     // of groups of weights
    std::vector<Candidate> m_gathered; // (n_vocab), scratch of which m_candidates is the beginning
    std::span<Candidate> m_candidates; // in order of tokens
    std::vector<Candidate> m_selected; // scratch of the selections
    std::vector<uint64_t> m_buckets;   // mass by size of weight
    std::vector<uint64_t> m_runs;      // mass of runs of weights
    std::vector<models::TokenId> m_window;
};

} // namespace ponder::inference
