#pragma once
// Runs tokens through a model on the device: records the pass of one token and of a whole chunk once
// and replays them, since what changes (position, lengths, ids, block table) lies in a small buffer. What a
// layer is made of stands in layers/; passes that the host has a share in are made of steps (hybrid/). Where the host has none, the
// device chooses tokens too (decoder_choice.cpp), and several sequences may share a pass (decoder_batch.cpp). Owns scratch memory,
// recordings and the kernels' host side. Nothing is allocated after create() except for chunks of odd sizes, settings of sampling
// that are new, and the first batch. Belongs to the engine's thread.

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/forward.h"
#include "inference/hybrid/host_layers.h"
#include "inference/hybrid/hybrid_pass.h"
#include "inference/hybrid/layer_stream.h"
#include "inference/kernels/sampling.h"
#include "inference/layers/ffn_moe_host.h"
#include "inference/layers/layer_part.h"
#include "inference/layers/prediction.h"
#include "inference/paced_submissions.h"
#include "inference/token_chooser.h"
#include "models/hyperparams.h"
#include "models/tokenizer.h"

namespace ponder::inference {

struct DecoderOptions {
    uint32_t context = 0;       // tokens
    uint32_t chunkTokens = 512; // of one prefill pass
    bool precise = false;
    CacheFormat cache = CacheFormat::F16;
    bool timestamps = false;
    double submissionSeconds = 0.2; // no submission shall take longer
    std::vector<float> ropeFactors; // of the file's rope_freqs; empty: none
    bool prediction = false;        // with the block that predicts a further token
    HostSide* host = nullptr;       // its share of the model; null: none. Outlives the decoder
};

class Decoder final : public Forward, private TokenChooser {
public:
    ~Decoder() override; // nothing is under way behind it
    static Result<std::unique_ptr<Decoder>> create(vulkan::Context& context, vulkan::KernelRegistry& registry,
                                                   const models::Hyperparams& hyperparams,
                                                   const Weights& weights, const DecoderOptions& options);

    Result<void> run(std::span<const models::TokenId> ids, uint32_t position,
                     std::span<const uint64_t> blockTable, Head head, std::stop_token stop = {}) override;
    std::span<const float> logits() const override;
    Result<void> allLogits(const LogitSink& sink) override;
    Result<void> predict(std::span<const models::TokenId> next, uint32_t position,
                         std::span<const uint64_t> blockTable, const LogitSink& sink) override;

    TokenChooser* chooser() override { return m_sampling ? this : nullptr; }

    uint32_t chunkTokens() const override { return m_options.chunkTokens; }
    double waitedSeconds() const override { return m_times.waitedSeconds; }
    double longestSubmissionSeconds() const { return m_times.longestSeconds; } // as the host saw it
    ExpertUse expertUse() const override;
    std::span<const uint64_t> expertCounts(uint32_t block) const override;
    std::string describe() const override;
    // Durations of the stages of the last pass of one token, or of a full chunk where there was none, summed over layers,
    // greatest first; with timestamps only.
    Result<std::vector<vulkan::Timestamp>> profile() const;

private:
    struct Layer {
        LayerPart* attention = nullptr;
        LayerPart* feedForward = nullptr;
    };
    // The recording of n tokens: what comes first, each layer, and the head of the last row. Any number of
    // successive ones may go into one submission.
    struct Pass {
        uint32_t n = 0;                             // 0: not recorded
        std::vector<vulkan::CommandRecorder> parts; // embedding, then layers
        std::vector<vulkan::CommandRecorder> head;  // one
        std::vector<vulkan::CommandRecorder> whole; // one with all of it; none until it fits one submission
    };

    Decoder(vulkan::Context& context, vulkan::KernelRegistry& registry,
            const models::Hyperparams& hyperparams, const DecoderOptions& options)
        : m_context(context), m_registry(registry), m_hyperparams(hyperparams), m_options(options),
          m_singlePacer(options.submissionSeconds), m_chunkPacer(options.submissionSeconds) {}
    Result<void> findOuterWeights(const Weights& weights);
    Result<void> allocate();
    Result<void> uploadRopeTable();
    Result<void> makeLayers(const Weights& weights);
    Result<void> addLayer(uint32_t block);
    Result<void> makeHybrid();
    Result<void> makeStream();
    void addSteps(HybridSteps& steps, uint32_t block);
    bool onHost(uint32_t block) const; // all of it
    // What a pass consists of.
    using Recording = std::function<Result<void>(vulkan::CommandRecorder&)>;
    struct PassBody {
        Recording embedding;
        std::function<Result<void>(vulkan::CommandRecorder&, uint32_t layer)> layer;
        Recording head;
    };
    PassBody bodyOf(uint32_t n); // of n tokens of a sequence
    Result<void> recordPass(Pass& pass, uint32_t n, const PassBody& body);
    Result<void> recordWhole(Pass& pass, const PassBody& body); // of a pass that is recorded in parts
    // Begins recorders[index], made if it is the next, fills it with `body` and ends it.
    Result<void> recordAlone(std::vector<vulkan::CommandRecorder>& recorders, size_t index,
                             std::string_view name, const Recording& body);
    // What the host has written, to where a pass reads it.
    void recordInput(vulkan::CommandRecorder& recorder, const vulkan::Buffer& from, const vulkan::Buffer& to);
    Result<void> recordEmbedding(vulkan::CommandRecorder& recorder, uint32_t n, bool fed = true);
    // batch: each token is the next one of a sequence of its own.
    Result<void> recordLayer(vulkan::CommandRecorder& recorder, uint32_t layer, uint32_t n,
                             bool batch = false);
    Result<void> recordLogits(vulkan::CommandRecorder& recorder, const kernels::Weight& norm,
                              uint32_t firstRow, uint32_t rows);
    Result<void> recordHead(vulkan::CommandRecorder& recorder, const kernels::Weight& norm, uint32_t firstRow,
                            uint32_t rows);
    // Hands out logits of the first `rows` rows of the residual, in slices.
    Result<void> readLogits(const kernels::Weight& norm, uint32_t rows,
                            const std::function<Result<void>(size_t row, std::span<const float> logits)>& sink);
    void writeInput(std::span<const models::TokenId> ids, uint32_t position,
                    std::span<const uint64_t> blockTable);
    Result<void> recordPredictionInput(vulkan::CommandRecorder& recorder, uint32_t n);
    Result<void> runHybrid(const PassInput& input, SubmissionPacer& pacer, Head head,
                           const std::stop_token& stop);
    uint32_t shortChunk() const; // of a prompt of usual length
    // behind: goes into the last submission.
    Result<void> runPass(uint32_t n, SubmissionPacer& pacer, Head head, const std::stop_token& stop,
                         const vulkan::CommandRecorder* behind = nullptr);
    Result<void> submit(Pass& pass, SubmissionPacer& pacer, Head head, const std::stop_token& stop,
                        const vulkan::CommandRecorder* behind);

    // -- several sequences at once
    static constexpr uint32_t kBatchRows = 8; // at most
    // Made when the first one runs. The input: ids, then for each row StepParams, SamplingRule, a place for the token behind (which
    // the host sends with the next pass), its block table.
    struct Batch {
        struct Recorded {
            Pass pass;
            std::vector<kernels::SamplingKind> kinds; // of its rows
        };
        explicit Batch(double submissionSeconds) : pacer(submissionSeconds) {}
        vulkan::Buffer upload, input;
        std::vector<std::unique_ptr<kernels::Sampling>> sampling; // of each row
        std::array<Recorded, kBatchRows + 1> recorded;            // by number of rows
        SubmissionPacer pacer;
    };
    uint32_t mostBatchRows() const;
    Result<void> makeBatch();
    uint64_t batchRowBytes() const; // of the input
    vulkan::BufferView batchPart(uint32_t row, uint64_t offset, uint64_t bytes) const;
    PassBody batchBody(uint32_t n, const std::vector<kernels::SamplingKind>& kinds);
    void recordChoices(vulkan::CommandRecorder& recorder, const std::vector<kernels::SamplingKind>& kinds);
    std::vector<kernels::SamplingKind> writeBatch(std::span<const BatchRow> rows);
    Result<void> runBatch(std::span<const BatchRow> rows);

    // -- choosing
    using Clock = std::chrono::steady_clock;
    // Recordings with a choice of one kind; empty until they are needed.
    struct Choosing {
        kernels::SamplingKind kind;
        std::vector<vulkan::CommandRecorder> alone; // behind a pass that is recorded in parts
        std::vector<vulkan::CommandRecorder> fed;   // a token's whole pass, its input from the host
        // The same, its input from the choice before; in turn, as one may be under way when the next is submitted.
        std::array<std::vector<vulkan::CommandRecorder>, 2> following;
    };
    // What the last choice made ready for a pass behind it.
    struct Feed {
        uint64_t pass = 0;               // that makes the choice; 0: another pass has come since
        uint32_t slot = 0;               // of its result
        uint32_t position = 0, room = 0; // of the chosen token; where the blocks end
        size_t choosing = 0;
    };
    struct UnderWay {
        uint64_t pass = 0; // 0: forgotten
        uint64_t value = 0;
        uint32_t slot = 0;
        uint32_t rows = 0;
        Clock::time_point submitted;
    };
    struct Chosen {
        uint64_t pass;
        uint32_t token;
        uint32_t rows; // of the pass, which count once somebody asks for it
    };
    Result<uint64_t> beginChoosing(std::span<const models::TokenId> ids, uint32_t position,
                                   std::span<const uint64_t> blockTable, const Choice& choice,
                                   std::stop_token stop) override;
    Result<uint64_t> beginNext(uint64_t pass) override;
    bool has(uint64_t pass) const override;
    Result<Token> chosen(uint64_t pass) override;
    void forget(uint64_t pass) override;
    uint32_t batchRows() const override { return m_batchRows; }
    Result<std::vector<Token>> chooseTogether(std::span<const BatchRow> rows) override;
    size_t choosing(const kernels::SamplingKind& kind); // index of its recordings
    void recordChoice(vulkan::CommandRecorder& recorder, const kernels::SamplingKind& kind);
    Result<void> recordChoosing(std::vector<vulkan::CommandRecorder>& into, const kernels::SamplingKind& kind,
                                bool fed);
    bool fitsOneSubmission() const;
    Result<void> submitChoosing(const vulkan::CommandRecorder& recorder);
    Result<void> finishOldest();
    Result<void> settle(); // waits for passes that were begun ahead, whose choices are kept
    void abandon();        // after a failure
    void writeRule(const shared::SamplingRule& rule);
    vulkan::BufferView inputRule() const;
    vulkan::BufferView inputIds() const;
    kernels::SequenceView inputSequence() const;

    vulkan::Context& m_context;
    vulkan::KernelRegistry& m_registry;
    models::Hyperparams m_hyperparams;
    DecoderOptions m_options;
    std::unique_ptr<kernels::MatMul> m_matMul;
    std::unique_ptr<kernels::Elementwise> m_elementwise;

    kernels::Weight m_tokenEmbd, m_outputNorm, m_output;
    vulkan::Buffer m_ropeTable; // float2 [context][rope_dim / 2]

    vulkan::Buffer
        m_inputUpload; // StepParams, SamplingRule, ids, block table, each at a multiple of kInputAlignment
    vulkan::Buffer m_input;  // the same on the device
    vulkan::Buffer m_x;      // float [chunk][n_embd]: the residual stream
    vulkan::Buffer m_normed; // float [chunk][n_embd]
    vulkan::Buffer m_logits; // float [slice][n_vocab]
    vulkan::Buffer m_logitsReadback;
    uint32_t m_sliceRows = 1;

    std::unique_ptr<AddressTable> m_addresses;
    std::unique_ptr<LayerRing> m_ring; // null: no layer of the host comes to the device
    NormBetween m_between;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<LayerPart> m_attention, m_ffnDense, m_ffnMoe; // those that the model has
    FfnMoeHost* m_ffnShared = nullptr;                            // m_ffnMoe, if the host has a share
    std::unique_ptr<Prediction> m_prediction;                     // null: not wanted
    std::vector<Layer> m_layers;                                  // and the one that predicts

    // Of one token, of shortChunk(), of chunkTokens where those are more, of any other number.
    Pass m_single, m_chunk, m_long, m_odd;
    // Where the host has a share, in place of those.
    std::unique_ptr<HostLayers> m_hostLayers; // null: only experts are the host's
    std::unique_ptr<HybridPass> m_hybrid, m_hybridPrediction;
    std::unique_ptr<LayerStream> m_stream;        // null: the host's layers are always computed there
    std::unique_ptr<HybridPass> m_hybridStreamed; // with them on the device
    uint32_t m_lastRows = 0;                      // of the last run
    uint64_t m_rows = 0;                          // of all runs
    bool m_singleRan = false, m_chunkRan = false;
    kernels::SamplingShape m_samplingShape;
    std::unique_ptr<kernels::Sampling> m_sampling; // null: the host has a share, and chooses
    std::deque<Choosing> m_choosing;
    const vulkan::CommandRecorder* m_lastChoice = nullptr; // that ran by itself
    Feed m_feed;
    uint64_t m_passes = 0;            // begun
    std::vector<UnderWay> m_underWay; // oldest first
    std::vector<Chosen> m_chosen;     // not yet asked for
    Clock::time_point m_lastFinished;
    uint32_t m_batchRows = 1;
    std::unique_ptr<Batch> m_batch; // null: none has run
    SubmissionPacer m_singlePacer, m_chunkPacer;
    SubmissionTimes m_times;
};

} // namespace ponder::inference
