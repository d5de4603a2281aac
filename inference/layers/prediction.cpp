#include "inference/layers/prediction.h"

namespace ponder::inference {

Result<std::unique_ptr<Prediction>> Prediction::create(const Workspace& w, uint32_t block,
                                                       const kernels::Weight& tokenEmbd,
                                                       const kernels::Weight& outputNorm) {
    std::unique_ptr<Prediction> made(new Prediction(w));
    made->m_tokenEmbd = tokenEmbd;
    made->m_outputNorm = outputNorm;
    ASSIGN_OR_RETURN(made->m_eh_proj, w.need(block, "nextn.eh_proj.weight"));
    ASSIGN_OR_RETURN(made->m_enorm, w.need(block, "nextn.enorm.weight"));
    ASSIGN_OR_RETURN(made->m_hnorm, w.need(block, "nextn.hnorm.weight"));
    made->m_headNorm = w.find(block, "nextn.shared_head_norm.weight");
    if (!made->m_headNorm) made->m_headNorm = outputNorm;
    ASSIGN_OR_RETURN(made->m_embedding, w.scratch(w.hyperparams.n_embd, "embedding for prediction"));
    ASSIGN_OR_RETURN(made->m_pair, w.scratch(2 * uint64_t{w.hyperparams.n_embd}, "pair for prediction"));
    return made;
}

Result<void> Prediction::recordInput(vulkan::CommandRecorder& recorder, const vulkan::BufferView& ids,
                                     uint32_t n) {
    const Workspace& w = m_workspace;
    const uint32_t n_embd = w.hyperparams.n_embd;
    const float eps = w.hyperparams.rms_eps;
    recorder.mark("prediction input");
    RETURN_IF_ERROR(w.matMul->recordRows(recorder, m_tokenEmbd, ids, m_embedding.view(), n));
    RETURN_IF_ERROR(w.recordNorm(recorder, m_outputNorm, n));
    recorder.barrier("embedding and final norm");
    const vulkan::BufferView pair = m_pair.view();
    RETURN_IF_ERROR(w.elementwise->recordRmsNorm(recorder, m_embedding.view(), n_embd, m_enorm.address(),
                                                 pair, 2 * n_embd, n_embd, n, eps));
    const uint64_t half = n_embd * sizeof(float);
    RETURN_IF_ERROR(w.elementwise->recordRmsNorm(recorder, w.normed, n_embd, m_hnorm.address(),
                                                 pair.part(half, pair.sizeBytes - half), 2 * n_embd, n_embd,
                                                 n, eps));
    recorder.barrier("pair complete");
    const auto projected = product(m_eh_proj, pair, w.x, n);
    return w.matMul->record(recorder, {&projected, 1});
}

} // namespace ponder::inference
