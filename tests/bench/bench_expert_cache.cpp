// Policies of the cache of experts against each other, on routing that is made up or read from a file:
//
//   bench_expert_cache [TRACE]
//
// Columns: the share of choices that found their expert on the device, in percent, behind the first quarter of the trace; and
// exchanges a token. The link brings in at most so many experts a token. TRACE: a line a token, of "layers experts used" first,
// then the chosen experts of all layers, layer by layer.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "inference/experts/expert_cache.h"

using ponder::inference::CachePolicy;
using ponder::inference::ExpertCache;

namespace {

struct Trace {
    std::string name;
    uint32_t layers = 16, experts = 256, used = 8;
    std::vector<uint32_t> chosen; // [tokens][layers][used]
    size_t tokens() const { return chosen.size() / (size_t{layers} * used); }
    std::span<const uint32_t> at(size_t token, uint32_t layer) const {
        return std::span(chosen).subspan((token * layers + layer) * used, used);
    }
};

// Popularity falls as rank^-skew. `topical`: this share of its logarithm belongs to a topic, which changes every `tokens`.
Trace zipf(std::string name, double skew, double topical, size_t topicTokens, size_t tokens = 8000) {
    Trace trace{.name = std::move(name), .chosen = {}};
    std::mt19937_64 random(42);
    std::uniform_real_distribution<double> uniform(1e-12, 1);
    const auto popularity = [&] {
        std::vector<double> logs(trace.experts);
        for (uint32_t i = 0; i < trace.experts; ++i) logs[i] = -skew * std::log(i + 1.0);
        std::shuffle(logs.begin(), logs.end(), random);
        return logs;
    };
    std::vector<std::vector<double>> common(trace.layers), topic(trace.layers);
    for (auto& layer : common) layer = popularity();
    std::vector<std::pair<double, uint32_t>> scores(trace.experts);
    for (size_t token = 0; token < tokens; ++token) {
        for (uint32_t layer = 0; layer < trace.layers; ++layer) {
            if (token % topicTokens == 0) topic[layer] = popularity();
            // The greatest of log-popularity + Gumbel noise: a draw without replacement.
            for (uint32_t i = 0; i < trace.experts; ++i)
                scores[i] = {(1 - topical) * common[layer][i] + topical * topic[layer][i] -
                                 std::log(-std::log(uniform(random))),
                             i};
            std::partial_sort(scores.begin(), scores.begin() + trace.used, scores.end(), std::greater<>());
            for (uint32_t i = 0; i < trace.used; ++i) trace.chosen.push_back(scores[i].second);
        }
    }
    return trace;
}

Trace readTrace(const char* path) {
    Trace trace{.name = path, .chosen = {}};
    std::ifstream file(path);
    file >> trace.layers >> trace.experts >> trace.used;
    for (uint32_t expert; file >> expert;) trace.chosen.push_back(expert);
    return trace;
}

struct Policy {
    virtual ~Policy() = default;
    virtual bool has(uint32_t layer, uint32_t expert) const = 0;
    virtual void count(uint32_t layer, std::span<const uint32_t> chosen) = 0;
    virtual bool exchange() = 0; // one; false: nothing to do
};

struct Fixed final : Policy {
    explicit Fixed(uint32_t slots) : m_slots(slots) {}
    bool has(uint32_t, uint32_t expert) const override { return expert < m_slots; }
    void count(uint32_t, std::span<const uint32_t>) override {}
    bool exchange() override { return false; }
    uint32_t m_slots;
};

// What was missed last comes in, in place of what was not used longest.
struct LeastRecent final : Policy {
    LeastRecent(const Trace& trace, uint32_t slots) : m_layers(trace.layers) {
        for (auto& layer : m_layers) {
            layer.last.assign(trace.experts, 0);
            layer.here.assign(trace.experts, false);
            std::fill_n(layer.here.begin(), slots, true);
        }
    }
    bool has(uint32_t layer, uint32_t expert) const override { return m_layers[layer].here[expert]; }
    void count(uint32_t layer, std::span<const uint32_t> chosen) override {
        for (const uint32_t expert : chosen) {
            m_layers[layer].last[expert] = ++m_now;
            if (!has(layer, expert)) m_missed.emplace_back(layer, expert);
        }
        if (m_missed.size() > 10'000) m_missed.erase(m_missed.begin(), m_missed.end() - 5'000);
    }
    bool exchange() override {
        while (!m_missed.empty()) {
            const auto [number, in] = m_missed.back();
            m_missed.pop_back();
            Layer& layer = m_layers[number];
            if (layer.here[in]) continue;
            size_t out = SIZE_MAX;
            for (size_t i = 0; i < layer.last.size(); ++i)
                if (layer.here[i] && (out == SIZE_MAX || layer.last[i] < layer.last[out])) out = i;
            if (out == SIZE_MAX || layer.last[out] >= layer.last[in]) continue;
            layer.here[out] = false;
            layer.here[in] = true;
            return true;
        }
        return false;
    }
    struct Layer {
        std::vector<uint64_t> last;
        std::vector<bool> here;
    };
    std::vector<Layer> m_layers;
    std::vector<std::pair<uint32_t, uint32_t>> m_missed;
    uint64_t m_now = 0;
};

struct Ours final : Policy {
    Ours(const Trace& trace, uint32_t slots, const CachePolicy& policy)
        : m_cache(std::vector(trace.layers, ExpertCache::Layer{trace.experts, 0, slots}), policy) {}
    bool has(uint32_t layer, uint32_t expert) const override { return m_cache.onDevice(layer, expert); }
    void count(uint32_t layer, std::span<const uint32_t> chosen) override {
        m_cache.count(layer, chosen, static_cast<uint32_t>(chosen.size()));
    }
    bool exchange() override {
        const auto made = m_cache.choose();
        if (made) m_cache.arrive(*made);
        return made.has_value();
    }
    ExpertCache m_cache;
};

// The slots for what a trace chooses most often, known beforehand and never changed.
double bestFixed(const Trace& trace, uint32_t slots) {
    double hits = 0;
    for (uint32_t layer = 0; layer < trace.layers; ++layer) {
        std::vector<double> counts(trace.experts);
        for (size_t token = trace.tokens() / 4; token < trace.tokens(); ++token)
            for (const uint32_t expert : trace.at(token, layer)) ++counts[expert];
        std::sort(counts.begin(), counts.end(), std::greater<>());
        for (uint32_t i = 0; i < slots; ++i) hits += counts[i];
    }
    const auto tokens = static_cast<double>(trace.tokens() - trace.tokens() / 4);
    return 100 * hits / (tokens * trace.layers * trace.used);
}

struct Measured {
    double hits = 0, exchanges = 0;
};
Measured run(const Trace& trace, Policy& policy, double exchangesPerToken) {
    double allowed = 0;
    Measured measured;
    const size_t warm = trace.tokens() / 4;
    for (size_t token = 0; token < trace.tokens(); ++token) {
        for (allowed += exchangesPerToken; allowed >= 1; --allowed) {
            if (!policy.exchange()) {
                allowed = 0;
                break;
            }
            measured.exchanges += token >= warm;
        }
        for (uint32_t layer = 0; layer < trace.layers; ++layer) {
            if (token >= warm)
                for (const uint32_t expert : trace.at(token, layer))
                    measured.hits += policy.has(layer, expert);
            policy.count(layer, trace.at(token, layer));
        }
    }
    const auto tokens = static_cast<double>(trace.tokens() - warm);
    return {100 * measured.hits / (tokens * trace.layers * trace.used), measured.exchanges / tokens};
}

} // namespace

int main(int count, char** arguments) {
    std::vector<Trace> traces;
    if (count > 1) {
        traces.push_back(readTrace(arguments[1]));
    } else {
        traces.push_back(zipf("uniform", 0, 0, 1 << 30));
        traces.push_back(zipf("skew 0.3", 0.3, 0, 1 << 30));
        traces.push_back(zipf("skew 0.7", 0.7, 0, 1 << 30));
        traces.push_back(zipf("0.7, topics of 2,000", 0.7, 0.7, 2000));
        traces.push_back(zipf("0.7, topics of 500", 0.7, 0.7, 500));
        traces.push_back(zipf("1.2, topics of 500", 1.2, 0.7, 500));
        traces.push_back(zipf("1.2, topics of 100", 1.2, 0.7, 100));
    }
    for (const double resident : {0.2, 0.5}) {
        for (const double perToken : {0.25, 1.0}) { // of 16 layers; of R1's 58 some 1 and 4
            std::printf("\n%.0f%% on the device, at most %.2f exchanges a token in %u layers\n%-24s",
                        100 * resident, perToken, traces.front().layers, "");
            for (const Trace& trace : traces) std::printf("%22s", trace.name.c_str());
            const auto row = [&](const std::string& name,
                                 const std::function<std::unique_ptr<Policy>(const Trace&, uint32_t)>& make) {
                std::printf("\n%-24s", name.c_str());
                for (const Trace& trace : traces) {
                    const auto policy = make(trace, static_cast<uint32_t>(resident * trace.experts));
                    const auto [hits, exchanges] = run(trace, *policy, perToken);
                    std::printf("%14.1f %7.3f", hits, exchanges);
                }
                std::fflush(stdout);
            };
            row("first experts, fixed", [](auto&, auto slots) { return std::make_unique<Fixed>(slots); });
            std::printf("\n%-24s", "the most used, fixed");
            for (const Trace& trace : traces)
                std::printf("%14.1f %7.3f", bestFixed(trace, static_cast<uint32_t>(resident * trace.experts)),
                            0.0);
            row("LRU", [](auto& trace, auto slots) { return std::make_unique<LeastRecent>(trace, slots); });
            for (const double horizon : {64.0, 128.0, 256.0, 512.0, 2048.0})
                for (const double margin : {0.0, 3.0, 3.5})
                    row("LFU " + std::to_string(static_cast<int>(horizon)) +
                            (margin > 0 ? ", margin " + std::to_string(margin).substr(0, 3) : ""),
                        [&](auto& trace, auto slots) {
                            return std::make_unique<Ours>(trace, slots, CachePolicy{horizon, margin});
                        });
            std::printf("\n");
        }
    }
    return 0;
}
