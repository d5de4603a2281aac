#include "inference/experts/host_experts.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

namespace ponder::inference {

using vulkan::MemoryUse;

namespace {

constexpr uint32_t kManyTokens = 64; // an expert, where computing hides reading

std::string gateName(uint32_t block) { return fmt::format("blk.{}.ffn_gate_exps.weight", block); }

template <typename T>
std::span<const T> valuesIn(const vulkan::Buffer& buffer, uint64_t count) {
    return {reinterpret_cast<const T*>(buffer.mapped().data()), count};
}

} // namespace

Result<std::unique_ptr<HostExperts>> HostExperts::create(const Workspace& w) {
    PONDER_CHECK(w.host);
    std::unique_ptr<HostExperts> made(new HostExperts(w, *w.host));
    made->m_pass.precise = w.precise;
    const auto& p = w.hyperparams;
    const auto make = [&](vulkan::Buffer& into, uint64_t rowValues, MemoryUse use,
                          const char* name) -> Result<void> {
        ASSIGN_OR_RETURN(
            into, vulkan::Buffer::create(w.context, w.chunkTokens * rowValues * sizeof(float), use, name));
        return {};
    };
    RETURN_IF_ERROR(make(made->m_normed, p.n_embd, MemoryUse::Readback, "normed, host"));
    RETURN_IF_ERROR(make(made->m_chosen, p.n_experts_used, MemoryUse::Readback, "chosen experts, host"));
    RETURN_IF_ERROR(make(made->m_weights, p.n_experts_used, MemoryUse::Readback, "experts' weights, host"));
    RETURN_IF_ERROR(make(made->m_sums, p.n_embd, MemoryUse::Upload, "sums of the host's experts"));
    made->m_counts.resize(p.n_layers + p.n_nextn_layers);
    return made;
}

bool HostExperts::hasAny(uint32_t block) const {
    const cpu::HeldExperts held = m_side.weights->experts(gateName(block));
    return held.end > held.first;
}

void HostExperts::recordOut(vulkan::CommandRecorder& recorder, const kernels::Router& router,
                            uint32_t n) const {
    const auto& p = m_workspace.hyperparams;
    const auto copy = [&](const vulkan::BufferView& from, const vulkan::Buffer& to, uint64_t rowValues) {
        const uint64_t bytes = n * rowValues * sizeof(float);
        recorder.copy(from.part(0, bytes), to.view().part(0, bytes));
    };
    copy(m_workspace.normed, m_normed, p.n_embd);
    copy(router.choice().chosen, m_chosen, p.n_experts_used);
    copy(router.weights(), m_weights, p.n_experts_used);
    recorder.hostBarrier();
}

Result<void> HostExperts::receive(uint32_t block, uint32_t n, ExpertCache& cache) {
    const auto& p = m_workspace.hyperparams;
    const auto chosen = valuesIn<uint32_t>(m_chosen, uint64_t{n} * p.n_experts_used);
    // What a lost device or a faulty driver left there must not be taken for an expert.
    if (std::any_of(chosen.begin(), chosen.end(), [&](uint32_t expert) { return expert >= p.n_experts; }))
        return Error{
            ErrorCode::Internal,
            fmt::format("The device chose an expert beyond the {} that there are: the graphics driver "
                        "computes wrongly, try another device.",
                        p.n_experts)};
    countUse(block, chosen, cache);
    m_ours.assign(chosen.begin(), chosen.end());
    for (uint32_t& expert : m_ours)
        if (cache.onDevice(block, expert)) expert = p.n_experts;
    cache.count(block, chosen, p.n_experts_used);
    return {};
}

void HostExperts::leave(std::span<const uint32_t> experts) {
    const uint32_t none = m_workspace.hyperparams.n_experts;
    std::vector<bool> left(none + 1, false);
    for (const uint32_t expert : experts) left[expert] = true;
    for (uint32_t& expert : m_ours)
        if (left[expert]) expert = none;
}

Result<void> HostExperts::compute(uint32_t block, uint32_t n, const LinkShare& link) {
    const auto& p = m_workspace.hyperparams;
    const uint64_t values = uint64_t{n} * p.n_embd;
    const auto missing = static_cast<uint32_t>(
        std::count_if(m_ours.begin(), m_ours.end(), [&](uint32_t expert) { return expert < p.n_experts; }));
    // The device takes the first ones, by the same reckoning.
    uint32_t taken = link.of(missing);
    const bool any = taken < missing;
    for (size_t i = 0; taken > 0; ++i) {
        if (m_ours[i] == p.n_experts) continue;
        m_ours[i] = p.n_experts;
        --taken;
    }
    if (!any) {
        if (m_zeros < values) std::memset(m_sums.mapped().data(), 0, values * sizeof(float));
        m_zeros = std::max(m_zeros, values);
        return {};
    }
    const auto normed = valuesIn<float>(m_normed, values);
    m_pass.n = n;
    m_pass.normed.assign(normed.begin(), normed.end());
    m_pass.x.assign(values, 0.0f);
    RETURN_IF_ERROR(
        m_runner.run(m_pass, block, m_ours, valuesIn<float>(m_weights, uint64_t{n} * p.n_experts_used)));
    std::memcpy(m_sums.mapped().data(), m_pass.x.data(), values * sizeof(float));
    m_zeros = 0;
    return {};
}

Result<double> HostExperts::measureTokens(uint32_t block, uint32_t tokens) {
    const auto& p = m_workspace.hyperparams;
    const cpu::HeldExperts held = m_side.weights->experts(gateName(block));
    const uint32_t used = std::min(p.n_experts_used, held.held);
    std::vector<uint32_t> chosen(size_t{tokens} * p.n_experts_used, p.n_experts);
    const std::vector<float> weights(chosen.size(), 0.0f);
    m_pass.n = tokens;
    m_pass.normed.assign(size_t{tokens} * p.n_embd, 0.0f);
    m_pass.x.assign(size_t{tokens} * p.n_embd, 0.0f);
    double best = 1e9;
    for (uint32_t round = 0; round < 3; ++round) { // each time others, as far as there are
        for (uint32_t token = 0; token < tokens; ++token)
            for (uint32_t i = 0; i < used; ++i)
                chosen[size_t{token} * p.n_experts_used + i] = held.first + (round * used + i) % held.held;
        const auto start = std::chrono::steady_clock::now();
        RETURN_IF_ERROR(m_runner.run(m_pass, block, chosen, weights));
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return std::max(best, 1e-9);
}

Result<StreamRates> HostExperts::measure(uint32_t block, uint64_t expertBytes) {
    const auto& p = m_workspace.hyperparams;
    const uint32_t used =
        std::min(p.n_experts_used, m_side.weights->experts(gateName(block)).held); // by a token
    if (used == 0) return StreamRates{};
    const uint32_t many = std::min(kManyTokens, m_workspace.chunkTokens);
    ASSIGN_OR_RETURN(const double one, measureTokens(block, 1));
    ASSIGN_OR_RETURN(const double chunk, measureTokens(block, many));
    return StreamRates{.cpu = static_cast<double>(used * expertBytes) / one,
                       .secondsPerPair = chunk / (many * used)};
}

void HostExperts::countUse(uint32_t block, std::span<const uint32_t> chosen, const ExpertCache& cache) {
    auto& counts = m_counts[block];
    counts.resize(m_workspace.hyperparams.n_experts);
    m_use.pairs += chosen.size();
    for (const uint32_t expert : chosen) {
        ++counts[expert];
        m_use.onDevice += cache.onDevice(block, expert) ? 1 : 0;
    }
}

std::string HostExperts::describe() const {
    return fmt::format("experts by {} threads of the CPU ({})", m_side.pool.size(), cpu::isaName(m_pass.isa));
}

} // namespace ponder::inference
