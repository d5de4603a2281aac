#include "tests/unit/models/plan_support.h"

#include <algorithm>

using namespace ponder;
using namespace ponder::inference;
using namespace ponder::models;
using namespace ponder::test;

TEST_CASE("memory plan: a model with room gets the default context and its bytes add up") {
    const Planned result = planned(qwen7b(), QuantType::Q4_K, device(80 * kGiB));
    const MemoryPlan& plan = result.plan;
    CHECK(plan.fits);
    CHECK(requireFit(plan).ok());
    CHECK(plan.context == kDefaultContext);
    CHECK(plan.bytesCachePerToken == 2 * 28 * 4 * 128 * 2);
    CHECK(plan.bytesCache == uint64_t{kDefaultContext} * plan.bytesCachePerToken);
    uint64_t weights = 0;
    for (const TensorInfo& tensor : result.tensors) weights += tensor.sizeBytes;
    CHECK(plan.bytesByPlace[static_cast<size_t>(Place::DeviceMemory)] == weights);
    CHECK(plan.bytesWeights >= weights);
    CHECK(plan.bytesWeights < weights + weights / 1000);
    CHECK(plan.bytesDevice() <= plan.bytesAvailable);
    CHECK(plan.bytesAvailable == 79 * kGiB);
    CHECK(plan.placements.size() == result.tensors.size());
    // The embedding is read by one row only.
    const uint64_t embedding = result.tensors[0].sizeBytes;
    CHECK(plan.bytesPerToken == weights - embedding + result.tensors[0].rowBytes());
    CHECK(plan.expectedTokensPerSecond == doctest::Approx(0.6e12 / static_cast<double>(plan.bytesPerToken)));
    CHECK(plan.verdict.rfind("Fits: ", 0) == 0);
    checkSegments(result, 4 * kGiB);
}

TEST_CASE("memory plan: the context shrinks to what fits, in whole blocks") {
    const PlanDevice gpu = device(6 * kGiB);
    const Planned result = planned(qwen7b(), QuantType::Q4_K, gpu);
    const MemoryPlan& plan = result.plan;
    REQUIRE(plan.fits);
    CHECK(plan.context < kDefaultContext);
    CHECK(plan.context >= kLeastContext);
    CHECK(plan.context % kBlockTokens == 0);
    CHECK(plan.bytesDevice() <= plan.bytesAvailable);
    const uint32_t more = plan.context + kBlockTokens; // one block more would not
    CHECK(plan.bytesWeights + cacheBytes(result.p, more, CacheFormat::F16) + scratchBytes(result.p, more) >
          plan.bytesAvailable);
}

TEST_CASE("memory plan: what was asked for is granted whole or not at all") {
    const PlanDevice gpu = device(6 * kGiB);
    CHECK(planned(qwen7b(), QuantType::Q4_K, gpu, 4000).plan.context == 4000);
    const MemoryPlan refused = planned(qwen7b(), QuantType::Q4_K, gpu, 131072).plan;
    CHECK_FALSE(refused.fits);
    CHECK(refused.context == 131072);
    CHECK(refused.verdict.find("tokens or fewer") != std::string::npos);
    CHECK(requireFit(refused).error().code == ErrorCode::ModelTooLarge);
    const MemoryPlan clamped = planned(qwen7b(), QuantType::Q4_K, device(80 * kGiB), 500000).plan;
    CHECK(clamped.fits);
    CHECK(clamped.context == 131072);
    CHECK(clamped.verdict.find("131,072") != std::string::npos);
}

TEST_CASE("memory plan: a file trained for less gets no more") {
    Hyperparams p = qwen7b();
    p.n_ctx_train = 1000;
    const MemoryPlan plan = planned(p, QuantType::Q4_K, device(80 * kGiB)).plan;
    CHECK(plan.context == 1000);
    CHECK(plan.bytesCache == uint64_t{1024} * plan.bytesCachePerToken);
}

TEST_CASE("memory plan: too large names the numbers and a quantisation that would fit") {
    const MemoryPlan plan = planned(qwen7b(), QuantType::F16, device(8 * kGiB)).plan;
    CHECK_FALSE(plan.fits);
    CHECK(plan.verdict.find("15.2 GB of weights") != std::string::npos);
    CHECK(plan.verdict.find("Made-up GPU offers 7.73 GB") != std::string::npos);
    CHECK(plan.verdict.find("Q6_K of the same model, about 6.26 GB, would fit") != std::string::npos);
    const MemoryPlan none = planned(qwen7b(), QuantType::Q4_K, device(kGiB)).plan;
    CHECK(none.verdict.find("choose a smaller model") != std::string::npos);
    const MemoryPlan nothing = planned(qwen7b(), QuantType::Q4_K, device(0)).plan;
    CHECK_FALSE(nothing.fits);
}

TEST_CASE("memory plan: a smaller file is never advised in the size of the one at hand") {
    const MemoryPlan plan = planned(qwen7b(), QuantType::Q4_K, device(5 * kGiB - kGiB / 4)).plan;
    CHECK_FALSE(plan.fits);
    CHECK(plan.verdict.find("Q4_K_M") == std::string::npos);
    CHECK(plan.verdict.find("would fit") != std::string::npos);
}

TEST_CASE("memory plan: budgets, the driver's and the user's") {
    PlanDevice gpu = device(80 * kGiB);
    gpu.budgetBytes = 20 * kGiB;
    CHECK(planned(qwen7b(), QuantType::Q4_K, gpu).plan.bytesAvailable == 19 * kGiB);
    gpu.budgetBytes = 0; // a driver that does not say
    CHECK(planned(qwen7b(), QuantType::Q4_K, gpu).plan.bytesAvailable == 79 * kGiB);
    CHECK(planned(qwen7b(), QuantType::Q4_K, gpu, 0, CacheFormat::F16, 8 * kGiB).plan.bytesAvailable ==
          8 * kGiB);
    CHECK_FALSE(planned(qwen7b(), QuantType::Q4_K, gpu, 0, CacheFormat::F16, 2 * kGiB).plan.fits);
    CHECK(spareBytes(kGiB) == kGiB / 10);
    CHECK(spareBytes(100 * kGiB) == kGiB);
}

TEST_CASE("memory plan: chunks are as long as the device computes in a moment, and take neither context nor "
          "much memory") {
    const auto tensors = tensorsOf(qwen7b(), QuantType::Q4_K);
    const auto planned = [&](double teraflops, uint64_t bytes, uint32_t rows = 0) {
        PlanDevice gpu = device(bytes);
        gpu.teraflops = teraflops;
        auto plan = planMemory(
            {.hyperparams = qwen7b(), .tensors = tensors, .devices = {&gpu, 1}, .host = {}, .chunkRows = rows});
        REQUIRE((plan.ok() && plan.value().fits));
        return std::move(plan).value();
    };
    CHECK(planned(0, 80 * kGiB).chunkRows == kPrefillRows); // not known
    CHECK(planned(132, 80 * kGiB).chunkRows == kMostPrefillRows);
    CHECK(planned(16, 80 * kGiB).chunkRows == 1024);
    CHECK(planned(1, 80 * kGiB).chunkRows == kPrefillRows);
    CHECK(planned(132, 8 * kGiB).chunkRows < kMostPrefillRows); // a sixteenth is 0.5 GiB
    CHECK(planned(0, 80 * kGiB, 1024).chunkRows == 1024);
    CHECK(planned(0, 80 * kGiB, 8).chunkRows == kPrefillRows);
    for (uint64_t bytes = 5 * kGiB; bytes < 20 * kGiB; bytes += 100 << 20) {
        const MemoryPlan fast = planned(132, bytes), slow = planned(0, bytes);
        CHECK(fast.context == slow.context);
        CHECK(fast.bytesScratch == scratchBytes(qwen7b(), fast.context, fast.chunkRows));
        CHECK(fast.bytesDevice() <= fast.bytesAvailable);
    }
}

TEST_CASE("memory plan: precise doubles the cache") {
    const MemoryPlan plain = planned(qwen7b(), QuantType::Q4_K, device(80 * kGiB)).plan;
    const MemoryPlan precise = planned(qwen7b(), QuantType::Q4_K, device(80 * kGiB), 0, CacheFormat::F32).plan;
    CHECK(precise.bytesCache == 2 * plain.bytesCache);
    CHECK(precise.bytesScratch == plain.bytesScratch);
}

TEST_CASE("memory plan: a cache of 8 bits takes 17 bytes for 32, so that nearly twice the context fits") {
    const PlanDevice gpu = device(11 * kGiB / 2);
    const MemoryPlan f16 = planned(qwen7b(), QuantType::Q4_K, gpu).plan;
    const MemoryPlan q8 = planned(qwen7b(), QuantType::Q4_K, gpu, 0, CacheFormat::Q8).plan;
    REQUIRE((f16.fits && q8.fits));
    CHECK(q8.bytesCachePerToken * 32 == f16.bytesCachePerToken * 17);
    CHECK(q8.bytesCache == uint64_t{q8.context} * q8.bytesCachePerToken);
    CHECK(f16.context < kDefaultContext / 2);
    CHECK(q8.context > f16.context / 4 * 7);
    CHECK(q8.bytesDevice() <= q8.bytesAvailable);
}

TEST_CASE("memory plan: tensors larger than an allocation span arenas by rows") {
    const uint64_t most = 100 << 20;
    const Planned result = planned(qwen7b(), QuantType::F16, device(80 * kGiB, most));
    CHECK(result.plan.fits);
    CHECK(result.plan.arenaBytes.size() > 100);
    checkSegments(result, most);
    const auto pieces = std::count_if(result.plan.segments.begin(), result.plan.segments.end(),
                                      [](const Segment& segment) { return segment.tensor == 0; });
    CHECK(pieces == 11); // 1.09 GB of embedding
}

TEST_CASE("memory plan: a device that cannot hold a row says so") {
    const MemoryPlan plan = planned(qwen7b(), QuantType::F16, device(80 * kGiB, 4096)).plan;
    CHECK_FALSE(plan.fits);
    CHECK(plan.verdict.find("one row of token_embd.weight takes 7.17 kB") != std::string::npos);
    CHECK_FALSE(planned(qwen7b(), QuantType::F16, device(80 * kGiB, 0)).plan.fits);
}

TEST_CASE("memory plan: a tied head is read whole, unknown tensors get no place, an unknown rate gives no "
          "promise") {
    const Hyperparams p = [] {
        Hyperparams tied = qwen7b();
        tied.tied_output = true;
        return tied;
    }();
    std::vector<TensorInfo> tensors = tensorsOf(p, QuantType::Q8_0);
    std::erase_if(tensors, [](const TensorInfo& tensor) { return tensor.name == "output.weight"; });
    TensorInfo extra = tensors.back();
    extra.name = "unknown.weight";
    tensors.push_back(extra);
    PlanDevice gpu = device(80 * kGiB);
    gpu.gigabytesPerSecond = 0;
    const auto plan = planMemory({.hyperparams = p,
                                  .tensors = tensors,
                                  .devices = {&gpu, 1},
                                  .host = {},
                                  .context = 0,
                                  .deviceBudgetBytes = 0,
                                  .hostBudgetBytes = 0});
    REQUIRE(plan.ok());
    CHECK(plan->placements.size() == tensors.size() - 1);
    CHECK(plan->bytesPerToken == plan->bytesByPlace[0]);
    CHECK(plan->expectedTokensPerSecond == 0);
}

TEST_CASE("memory plan: latent attention caches one latent, experts count as many as are used") {
    const Hyperparams p = r1();
    const Planned result = planned(p, QuantType::IQ1_S, device(700 * kGiB));
    CHECK(result.plan.fits);
    CHECK(result.plan.bytesCachePerToken == 70272);
    CHECK(result.plan.placements.size() < result.tensors.size());
    for (const Placement& placement : result.plan.placements) {
        const std::string& name = result.tensors[placement.tensor].name;
        CHECK(name.find("blk.61.") == std::string::npos);
        CHECK(placement.experts == (name.find("_exps.") != std::string::npos ? 256u : 1u));
    }
    // 36.6 B of 671 B parameters a token, less the embedding, at 1.5625 bits
    CHECK(static_cast<double>(result.plan.bytesPerToken) ==
          doctest::Approx(36.7e9 * 1.5625 / 8).epsilon(0.02));
    checkSegments(result, 4 * kGiB);

    // Experts of F16 take 7.5 GB a layer and tensor: they span arenas, each whole, as kernels find them by one address.
    const Planned wide = planned(p, QuantType::F16, device(2000 * kGiB));
    checkSegments(wide, 4 * kGiB);
    uint32_t spanning = 0;
    for (const Segment& segment : wide.plan.segments) {
        const TensorInfo& tensor = wide.tensors[segment.tensor];
        if (tensor.n_dims != 3) continue;
        CHECK(segment.firstRow % tensor.shape[1] == 0);
        CHECK(segment.rows % tensor.shape[1] == 0);
        spanning += segment.firstRow > 0;
    }
    CHECK(spanning >= 3 * 58);

    // With the block that predicts: its tensors and a layer more of cache, but not its copies of embedding and head.
    const PlanDevice gpu = device(700 * kGiB);
    const auto predicting = planMemory({.hyperparams = p,
                                        .tensors = result.tensors,
                                        .devices = {&gpu, 1},
                                        .host = {},
                                        .context = 0,
                                        .prediction = true,
                                        .deviceBudgetBytes = 0,
                                        .hostBudgetBytes = 0});
    REQUIRE(predicting.ok());
    CHECK(predicting->bytesCachePerToken == 70272 / 61 * 62);
    CHECK(predicting->placements.size() > result.plan.placements.size());
    for (const Placement& placement : predicting->placements) {
        const std::string& name = result.tensors[placement.tensor].name;
        CHECK(name.find("nextn.embed_tokens") == std::string::npos);
        CHECK(name.find("shared_head_head") == std::string::npos);
    }
}

TEST_CASE("memory plan: no device and no family are errors, not crashes") {
    const Hyperparams p = qwen7b();
    const std::vector<TensorInfo> tensors = tensorsOf(p, QuantType::Q4_K);
    CHECK(planMemory({.hyperparams = p,
                      .tensors = tensors,
                      .devices = {},
                      .host = {},
                      .context = 0,
                      .deviceBudgetBytes = 0,
                      .hostBudgetBytes = 0})
              .error()
              .code == ErrorCode::NoDevice);
    Hyperparams foreign = p;
    foreign.architecture = "mamba";
    const PlanDevice gpu = device(kGiB);
    CHECK(planMemory({.hyperparams = foreign,
                      .tensors = tensors,
                      .devices = {&gpu, 1},
                      .host = {},
                      .context = 0,
                      .deviceBudgetBytes = 0,
                      .hostBudgetBytes = 0})
              .error()
              .code == ErrorCode::InvalidArgument);
}
