#pragma once
// Runs tokens through a dense model on the device: records the pass of one token and of a whole chunk once
// and replays them, since what changes (position, lengths, ids, block table) lies in a small buffer. Owns
// scratch memory, recordings and the kernels' host side. Nothing is allocated after create() except for
// chunks of odd sizes. Belongs to the engine's thread.

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/kernels/attention.h"
#include "inference/kernels/matmul.h"
#include "inference/submission_pacer.h"
#include "inference/weights.h"
#include "models/hyperparams.h"
#include "models/tokenizer.h"

namespace ponder::inference {

struct DecoderOptions {
    uint32_t context = 0;       // tokens
    uint32_t chunkTokens = 512; // of one prefill pass
    bool precise = false;
    bool timestamps = false;
    double submissionSeconds = 0.2; // no submission shall take longer
    std::vector<float> ropeFactors; // of the file's rope_freqs; empty: none
};

class Decoder {
public:
    static Result<std::unique_ptr<Decoder>> create(vulkan::Context& context, vulkan::KernelRegistry& registry,
                                                   const models::Hyperparams& hyperparams,
                                                   const Weights& weights, const DecoderOptions& options);

    enum class Head { None, LastRow };

    // Tokens of one sequence from `position` on; `blockTable` has the addresses of the blocks up to the last
    // of them. At most chunkTokens(). Cancelled between submissions: then keys and values from `position` on
    // are not to be relied upon.
    Result<void> run(std::span<const models::TokenId> ids, uint32_t position,
                     std::span<const uint64_t> blockTable, Head head, std::stop_token stop = {});
    // Of the last row of the last run with Head::LastRow: [n_vocab]. Valid until the next run.
    std::span<const float> logits() const;
    // Of every row of the last run, in slices, so that the memory for logits stays small.
    Result<void> allLogits(const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink);

    uint32_t chunkTokens() const { return m_options.chunkTokens; }
    double waitedSeconds() const { return m_waitedSeconds; }                // for the device, so far
    double longestSubmissionSeconds() const { return m_longestSubmission; } // as the host saw it
    std::string describe() const;                                           // kernel paths
    // Durations of the stages of the last pass of one token, summed over layers, greatest first; with
    // timestamps only.
    Result<std::vector<vulkan::Timestamp>> profile() const;

    static kernels::LayerShape layerShape(const models::Hyperparams& hyperparams, bool precise);

private:
    struct Layer {
        kernels::Weight attn_norm, attn_q, attn_k, attn_v, attn_output, ffn_norm, ffn_gate, ffn_up, ffn_down;
        kernels::Weight attn_q_bias, attn_k_bias, attn_v_bias, attn_output_bias; // empty: none
    };
    // The recording of n tokens: what comes first, each layer, and the head of the last row. Any number of
    // successive ones may go into one submission.
    struct Pass {
        uint32_t n = 0;                             // 0: not recorded
        std::vector<vulkan::CommandRecorder> parts; // embedding, then layers
        std::vector<vulkan::CommandRecorder> head;  // one
        std::vector<vulkan::CommandRecorder> whole; // one with all of it; none until it fits one submission
    };

    Decoder(vulkan::Context& context, const models::Hyperparams& hyperparams, const DecoderOptions& options)
        : m_context(context), m_hyperparams(hyperparams), m_options(options),
          m_singlePacer(options.submissionSeconds), m_chunkPacer(options.submissionSeconds) {}
    Result<void> findWeights(const Weights& weights);
    Result<void> allocate(vulkan::KernelRegistry& registry);
    Result<void> uploadRopeTable();
    Result<void> recordPass(Pass& pass, uint32_t n);
    Result<void> recordWhole(Pass& pass); // of a pass that is recorded in parts
    // Begins recorders[index], made if it is the next, fills it with `body` and ends it.
    Result<void> recordAlone(std::vector<vulkan::CommandRecorder>& recorders, size_t index,
                             std::string_view name,
                             const std::function<Result<void>(vulkan::CommandRecorder&)>& body);
    Result<void> recordEmbedding(vulkan::CommandRecorder& recorder, uint32_t n);
    Result<void> recordLayer(vulkan::CommandRecorder& recorder, uint32_t layer, uint32_t n);
    Result<void> recordHead(vulkan::CommandRecorder& recorder, uint32_t firstRow, uint32_t rows);
    void writeInput(std::span<const models::TokenId> ids, uint32_t position,
                    std::span<const uint64_t> blockTable);
    Result<void> submit(Pass& pass, SubmissionPacer& pacer, Head head, const std::stop_token& stop);
    vulkan::BufferView inputIds() const;
    kernels::SequenceView inputSequence() const;

    vulkan::Context& m_context;
    models::Hyperparams m_hyperparams;
    DecoderOptions m_options;
    std::unique_ptr<kernels::MatMul> m_matMul;
    std::unique_ptr<kernels::Attention> m_attention;
    std::unique_ptr<kernels::Elementwise> m_elementwise;

    kernels::Weight m_tokenEmbd, m_outputNorm, m_output;
    std::vector<Layer> m_layers;
    vulkan::Buffer m_ropeTable; // float2 [context][rope_dim / 2]

    vulkan::Buffer m_inputUpload; // StepParams, ids, block table, each at a multiple of kInputAlignment
    vulkan::Buffer m_input;       // the same on the device
    vulkan::Buffer m_x;           // float [chunk][n_embd]: the residual stream
    vulkan::Buffer m_normed;      // float [chunk][n_embd]
    vulkan::Buffer m_q, m_k, m_v; // float [chunk][heads * head_dim]
    vulkan::Buffer m_attended;    // float [chunk][n_heads * head_dim]
    vulkan::Buffer m_gate, m_up;  // float [chunk][n_ff]
    vulkan::Buffer m_logits;      // float [slice][n_vocab]
    vulkan::Buffer m_logitsReadback;
    uint32_t m_sliceRows = 1;

    Pass m_single, m_chunk, m_odd;
    Pass* m_lastPass = nullptr;
    bool m_singleRan = false;
    SubmissionPacer m_singlePacer, m_chunkPacer;
    double m_waitedSeconds = 0, m_longestSubmission = 0;
};

} // namespace ponder::inference
