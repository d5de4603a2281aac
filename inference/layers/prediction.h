#pragma once
// The multi-token-prediction block of DeepSeek-V3: from the model's last hidden state at a position and the token behind it, the
// state that the token after that one is read from. Its own norms and projection come before an ordinary layer of the model,
// which the decoder runs as block n_layers; embedding and head are the model's. Belongs to the engine's thread; must not outlive
// the Workspace.

#include <memory>

#include "inference/layers/workspace.h"

namespace ponder::inference {

class Prediction {
public:
    // block: that of the file which predicts. Errors: InvalidArgument where there is none.
    static Result<std::unique_ptr<Prediction>> create(const Workspace& workspace, uint32_t block,
                                                      const kernels::Weight& tokenEmbd,
                                                      const kernels::Weight& outputNorm);

    // x[n] = eh_proj (norm of the embedding of ids[n], norm of the model's final norm of x[n]).
    Result<void> recordInput(vulkan::CommandRecorder& recorder, const vulkan::BufferView& ids, uint32_t n);
    const kernels::Weight& headNorm() const { return m_headNorm; }

private:
    explicit Prediction(const Workspace& workspace) : m_workspace(workspace) {}

    const Workspace& m_workspace;
    kernels::Weight m_tokenEmbd, m_outputNorm; // the model's
    kernels::Weight m_eh_proj, m_enorm, m_hnorm, m_headNorm;
    vulkan::Buffer m_embedding; // float [chunk][n_embd]
    vulkan::Buffer m_pair;      // float [chunk][2 * n_embd]: of the embedding, of the state
};

} // namespace ponder::inference
