#pragma once
// The chosen experts of a mixture on the CPU, for all tokens of a pass at once: the weights of an expert are read once for all
// tokens that chose it, and all threads take rows of every expert, so that none waits for a larger one. Experts on disk are read
// when their turn comes, several at a time. Belongs to whoever runs the layer; one thread calls.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "inference/cpu/pass.h"

namespace ponder::cpu {

inline float gatedSilu(float gate, float up) { return gate / (1 + std::exp(-gate)) * up; }

class ExpertRunner {
public:
    // x of the pass += the weighted sum of what the host's experts make of its `normed`; pairs of experts that are not the
    // host's are left out. chosen, weights: [n][n_experts_used], slots added in their order. Errors: those of reading from
    // disk.
    Result<void> run(Pass& pass, uint32_t block, std::span<const uint32_t> chosen,
                     std::span<const float> weights);

private:
    struct Run { // an expert and the pairs of token and slot that go to it, which lie behind one another
        uint32_t expert = 0;
        size_t first = 0, count = 0;
        Matrix gate, up, down;
    };
    struct Stacks {
        HeldExperts gate, up, down;
    };

    // Pairs by expert; runs in memory first. The number of those.
    size_t sortPairs(const Pass& pass, const Stacks& stacks, std::span<const uint32_t> chosen);
    void gatherInputs(Pass& pass);
    Result<void> bring(Pass& pass, const Stacks& stacks, size_t begin, size_t end);
    void makeHidden(Pass& pass, size_t begin, size_t end); // of runs [begin, end)
    void makeResults(Pass& pass, size_t begin, size_t end);
    void addUp(Pass& pass, std::span<const float> weights);

    std::vector<float> m_hidden, m_up, m_results; // of pairs
    std::vector<uint32_t> m_tokens;               // of the pairs, sorted by expert
    std::vector<size_t> m_places;                 // [n][n_experts_used]: where a pair stands in that order
    std::vector<Run> m_runs;
    std::vector<Activations> m_inputs; // of each run
    std::vector<std::byte> m_fromDisk;
};

} // namespace ponder::cpu
