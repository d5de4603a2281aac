#include "inference/cpu/experts.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>

namespace ponder::cpu {

namespace {

constexpr size_t kNowhere = SIZE_MAX; // of a pair that is not the host's
constexpr size_t kFromDisk = 16;      // experts read at a time
// Rows that a thread takes at a time, for results those of all experts: 0.1 ms of reading a matrix.
constexpr size_t kRowsAtOnce = 64;

void rowsHere(const Pass& pass, const Matrix& matrix, size_t begin, size_t end, const ActivationView& x,
              float* y, size_t yStride) {
    const Kernels& k = pass.kernels();
    (pass.precise ? k.preciseRows : k.rows)[static_cast<size_t>(matrix.type)](
        {matrix.data, matrix.rowBytes(), begin, end, x, y, yStride});
}

size_t bytesOf(const Matrix& matrix) { return (matrix.rows * matrix.rowBytes() + 63) / 64 * 64; }

} // namespace

Result<void> ExpertRunner::run(Pass& pass, uint32_t block, std::span<const uint32_t> chosen,
                               std::span<const float> weights) {
    const auto of = [&](const char* name) {
        return pass.weights.experts("blk." + std::to_string(block) + "." + name);
    };
    const Stacks stacks{of("ffn_gate_exps.weight"), of("ffn_up_exps.weight"), of("ffn_down_exps.weight")};
    const size_t inMemory = sortPairs(pass, stacks, chosen);
    gatherInputs(pass);
    const size_t pairs = m_tokens.size();
    m_hidden.resize(pairs * pass.p.n_ff_expert);
    m_up.resize(pairs * pass.p.n_ff_expert);
    m_results.resize(pairs * pass.p.n_embd);
    const auto compute = [&](size_t begin, size_t end) {
        makeHidden(pass, begin, end);
        makeResults(pass, begin, end);
    };
    if (inMemory > 0) compute(0, inMemory);
    for (size_t done = inMemory; done < m_runs.size(); done += kFromDisk) {
        const size_t end = std::min(done + kFromDisk, m_runs.size());
        RETURN_IF_ERROR(bring(pass, stacks, done, end));
        compute(done, end);
    }
    if (pairs > 0) addUp(pass, weights);
    return {};
}

size_t ExpertRunner::sortPairs(const Pass& pass, const Stacks& stacks, std::span<const uint32_t> chosen) {
    std::vector<size_t> counts(pass.p.n_experts + 1, 0); // then where the next pair of an expert goes
    for (const uint32_t expert : chosen)
        if (stacks.gate.has(expert)) ++counts[expert + 1];
    m_runs.clear();
    for (uint32_t expert = 0; expert < pass.p.n_experts; ++expert) {
        if (const size_t count = counts[expert + 1]; count > 0) {
            Run run{
                .expert = expert, .first = counts[expert], .count = count, .gate = {}, .up = {}, .down = {}};
            if (!stacks.gate.onDisk(expert)) {
                run.gate = stacks.gate[expert];
                run.up = stacks.up[expert];
                run.down = stacks.down[expert];
            }
            m_runs.push_back(run);
        }
        counts[expert + 1] += counts[expert];
    }
    m_tokens.resize(counts.back());
    m_places.assign(chosen.size(), kNowhere);
    for (size_t pair = 0; pair < chosen.size(); ++pair) {
        if (!stacks.gate.has(chosen[pair])) continue;
        const size_t place = counts[chosen[pair]]++;
        m_tokens[place] = static_cast<uint32_t>(pair / pass.p.n_experts_used);
        m_places[pair] = place;
    }
    const auto onDisk = std::stable_partition(m_runs.begin(), m_runs.end(),
                                              [](const Run& run) { return run.gate.data != nullptr; });
    return static_cast<size_t>(onDisk - m_runs.begin());
}

void ExpertRunner::gatherInputs(Pass& pass) {
    const size_t width = pass.p.n_embd;
    m_inputs.resize(m_runs.size());
    pass.pool.split(m_runs.size(), 1, [&](size_t begin, size_t end) {
        std::vector<float> rows;
        for (size_t r = begin; r < end; ++r) {
            rows.resize(m_runs[r].count * width);
            for (size_t i = 0; i < m_runs[r].count; ++i)
                std::copy_n(&pass.normed[m_tokens[m_runs[r].first + i] * width], width, &rows[i * width]);
            pass.quantise(m_inputs[r], rows, m_runs[r].count, width);
        }
    });
}

Result<void> ExpertRunner::bring(Pass& pass, const Stacks& stacks, size_t begin, size_t end) {
    const size_t gate = bytesOf(stacks.gate.one), up = bytesOf(stacks.up.one), down = bytesOf(stacks.down.one);
    m_fromDisk.resize(kFromDisk * (gate + up + down));
    std::mutex mutex; // of what follows
    std::optional<Error> failure;
    pass.pool.split((end - begin) * 3, 1, [&](size_t first, size_t last) {
        for (size_t task = first; task < last; ++task) {
            Run& run = m_runs[begin + task / 3];
            const size_t which = task % 3;
            const HeldExperts& stack = which == 0 ? stacks.gate : which == 1 ? stacks.up : stacks.down;
            const size_t at = task / 3 * (gate + up + down) + (which > 0 ? gate : 0) + (which > 1 ? up : 0);
            const auto read = pass.weights.readExpert(stack, run.expert, std::span(m_fromDisk).subspan(at));
            Matrix& matrix = which == 0 ? run.gate : which == 1 ? run.up : run.down;
            matrix = stack.one;
            matrix.data = reinterpret_cast<const uint8_t*>(&m_fromDisk[at]);
            if (read) continue;
            const std::lock_guard lock(mutex);
            if (!failure) failure = read.error();
        }
    });
    if (failure) return *failure;
    return {};
}

void ExpertRunner::makeHidden(Pass& pass, size_t firstRun, size_t lastRun) {
    const size_t hidden = pass.p.n_ff_expert;
    pass.pool.balance((lastRun - firstRun) * hidden, kRowsAtOnce, [&](size_t begin, size_t end) {
        for (size_t at = begin; at < end;) {
            const size_t r = at / hidden, from = at - r * hidden, to = std::min(hidden, from + end - at);
            at += to - from;
            const Run& run = m_runs[firstRun + r];
            const ActivationView input = m_inputs[firstRun + r].view();
            float* const gates = &m_hidden[run.first * hidden];
            float* const ups = &m_up[run.first * hidden];
            rowsHere(pass, run.gate, from, to, input, gates, hidden);
            rowsHere(pass, run.up, from, to, input, ups, hidden);
            for (size_t i = 0; i < run.count; ++i)
                for (size_t row = from; row < to; ++row)
                    gates[i * hidden + row] = gatedSilu(gates[i * hidden + row], ups[i * hidden + row]);
        }
    });
    pass.pool.split(lastRun - firstRun, 1, [&](size_t begin, size_t end) {
        for (size_t r = firstRun + begin; r < firstRun + end; ++r)
            pass.quantise(m_inputs[r],
                          std::span(m_hidden).subspan(m_runs[r].first * hidden, m_runs[r].count * hidden),
                          m_runs[r].count, hidden);
    });
}

void ExpertRunner::makeResults(Pass& pass, size_t firstRun, size_t lastRun) {
    const size_t width = pass.p.n_embd;
    pass.pool.balance(width, kRowsAtOnce, [&](size_t begin, size_t end) {
        for (size_t r = firstRun; r < lastRun; ++r)
            rowsHere(pass, m_runs[r].down, begin, end, m_inputs[r].view(),
                     &m_results[m_runs[r].first * width], width);
    });
}

// In the order of the slots of each token, whatever the order of the experts.
void ExpertRunner::addUp(Pass& pass, std::span<const float> weights) {
    const size_t width = pass.p.n_embd, used = pass.p.n_experts_used;
    pass.pool.split(width, 64, [&](size_t begin, size_t end) {
        for (size_t pair = 0; pair < m_places.size(); ++pair) {
            if (m_places[pair] == kNowhere) continue;
            const float* const result = &m_results[m_places[pair] * width];
            float* const x = &pass.x[pair / used * width];
            for (size_t i = begin; i < end; ++i) x[i] += weights[pair] * result[i];
        }
    });
}

} // namespace ponder::cpu
