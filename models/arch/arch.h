#pragma once
// What the files of models/arch share: the words in which a family lists its tensors, and the families themselves.
// Used by models/arch/*.cpp and architecture.cpp alone. Values; no threads.

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "models/architecture.h"

namespace ponder::models {

extern const Architecture kQwen2, kLlama, kDeepseek2; // one a file beside this one

// Collects a list; a block's tensors get their "blk.N." by beginBlock.
class TensorList {
public:
    using Shape = std::vector<uint64_t>; // columns first, as in the file

    void beginBlock(uint32_t block) { m_prefix = fmt::format("blk.{}.", block); }
    void optionalFromHere(bool optional) { m_optional = optional; }

    void copy(std::string_view name, Shape shape) {
        add(name, std::move(shape), false);
        m_specs.back().copy = true;
    }
    void required(std::string_view name, Shape shape) { add(name, std::move(shape), !m_optional); }
    void optional(std::string_view name, Shape shape) { add(name, std::move(shape), false); }
    std::vector<TensorSpec> take() { return std::move(m_specs); }

private:
    void add(std::string_view name, Shape shape, bool isRequired) {
        m_specs.push_back({m_prefix + std::string(name), std::move(shape), isRequired});
    }

    std::string m_prefix;
    bool m_optional = false;
    std::vector<TensorSpec> m_specs;
};

// Parts that families have in common.
void listOuterTensors(TensorList& list, const Hyperparams& p); // embedding, last norm, head
void listGroupedQueryAttention(TensorList& list, const Hyperparams& p);
void listDenseFeedForward(TensorList& list, const Hyperparams& p);
void listDenseBlocks(TensorList& list, const Hyperparams& p); // all of them, of the two above

} // namespace ponder::models
