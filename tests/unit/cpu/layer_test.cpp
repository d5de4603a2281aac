// One layer of R1 in its real sizes on the CPU, random weights, against plain C++: 128 heads over a latent of 512, the choice
// among 256 experts, eight of them and the shared one. Experts are on disk, as far as the CPU knows, so that only those chosen
// are ever made.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "inference/cpu/experts.h"
#include "inference/cpu/host_cache.h"
#include "inference/cpu/layers.h"
#include "inference/rope_table.h"
#include "models/hyperparams.h"
#include "tests/reference/latent_layer.h"
#include "tests/reference/matmul.h"

using namespace ponder;
using namespace ponder::cpu;

namespace {

constexpr uint32_t kBlock = 3, kTokens = 2; // the first layer that is a mixture

// Sums of 128 to 7,168 products in float32 through some four matrices. With activations of 8 bits each matrix sees them with
// an error of (1/127 of the greatest of 32) / sqrt(12), some 4e-5 of their square, and the errors of a chain add up.
constexpr double kFloatLimit = 1e-10, kByteLimit = 5e-4;

struct R1Layer {
    models::GgufFile file;
    models::Hyperparams p;
    ThreadPool pool{0};
    std::unique_ptr<HostWeights> weights;
    std::vector<float> x;

    R1Layer()
        : file(models::GgufFile::open("synthetic:r1-671b?quant=q4_k_m&layers=4").value()),
          p(models::readHyperparams(file).value()) {
        std::vector<inference::Placement> parts;
        for (uint32_t i = 0; i < file.tensors().size(); ++i) {
            const std::string& name = file.tensors()[i].name;
            if (!name.starts_with("blk.3.")) continue;
            if (name.find("_exps.") != std::string::npos)
                parts.push_back({i, 0, p.n_experts, inference::Place::Disk, 0});
            else
                parts.push_back({i, 0, 1, inference::Place::HostCpu, 0});
        }
        weights = HostWeights::load(file, parts, pool, {}, {}).value();
        std::mt19937 random(8);
        std::normal_distribution<float> normal;
        x.resize(size_t{kTokens} * p.n_embd);
        for (float& value : x) value = normal(random);
    }

    // What a part of the layer makes of x, less x.
    template <typename Run>
    std::vector<float> added(bool precise, const Run& run) {
        Pass pass(pool, p, *weights);
        pass.precise = precise;
        pass.cache = cacheShape(p, precise);
        const auto cache = HostCache::create(pass.cache, 1).value();
        const std::vector<uint64_t> blocks{cache->address(0)};
        pass.blocks = blocks;
        pass.ropeTable = inference::ropeTable(p, {}, kTokens);
        pass.n = kTokens;
        pass.x = x;
        const Result<void> done = run(pass);
        REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
        for (size_t i = 0; i < x.size(); ++i) pass.x[i] -= x[i];
        return pass.x;
    }
};

} // namespace

TEST_SUITE("layer_real") {

    TEST_CASE("a layer of R1 on the CPU: attention, choice, experts") {
        R1Layer layer;
        const models::Hyperparams& p = layer.p;
        REQUIRE((p.n_heads == 128 && p.n_experts == 256 && p.n_embd == 7168 && p.n_ff_expert == 2048));
        const auto attention = reference::latentAttentionPart(layer.file, p, kBlock, layer.x);
        const auto part = makeLatentAttention();
        const auto attend = [&](Pass& pass) { return part->run(pass, kBlock); };
        const double exact = reference::nmse(attention, layer.added(true, attend)),
                     bytes = reference::nmse(attention, layer.added(false, attend));
        CHECK(exact <= kFloatLimit);
        CHECK(bytes <= kByteLimit);
        MESSAGE("attention: NMSE " << exact << ", with 8-bit activations " << bytes);

        const auto mixture = reference::feedForwardPart(layer.file, p, kBlock, layer.x);
        double margin = 1;
        for (const auto& choice : mixture.choices) margin = std::min(margin, choice.margin);
        const auto experts = makeExperts();
        const auto mix = [&](Pass& pass) { return experts->run(pass, kBlock); };
        const double exactMix = reference::nmse(mixture.added, layer.added(true, mix)),
                     bytesMix = reference::nmse(mixture.added, layer.added(false, mix));
        CHECK(exactMix <= kFloatLimit);
        CHECK(bytesMix <= kByteLimit);
        std::vector<uint64_t> used(p.n_experts); // of both runs
        for (const auto& choice : mixture.choices)
            for (const uint32_t expert : choice.experts) used[expert] += 2;
        const auto counts = experts->expertCounts(kBlock);
        CHECK(std::equal(used.begin(), used.end(), counts.begin(), counts.end()));
        MESSAGE("experts: NMSE " << exactMix << ", with 8-bit activations " << bytesMix
                                 << "; the choice's closest margin was " << margin);
    }
}
