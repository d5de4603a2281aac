// The choice of attention kernels on made-up devices.

#include "inference/kernels/attention_plan.h"

#include <doctest/doctest.h>

namespace ponder::kernels {

namespace {

vulkan::DeviceCaps h100() {
    vulkan::DeviceCaps caps;
    caps.name = "made-up H100";
    caps.discrete = true;
    caps.subgroupSizeControl = true;
    caps.maxInvocations = 1024;
    caps.maxSharedBytes = 49152;
    caps.float16 = caps.cooperativeMatrix = true;
    caps.computeUnits = 132;
    return caps;
}

vulkan::DeviceCaps software() {
    vulkan::DeviceCaps caps;
    caps.name = "made-up software";
    caps.software = caps.unified = true;
    caps.subgroupSize = caps.minSubgroupSize = caps.maxSubgroupSize = 8;
    caps.maxInvocations = 1024;
    caps.maxSharedBytes = 32768;
    caps.float16 = true;
    return caps;
}

constexpr LayerShape kQwen7b{.n_heads = 28, .n_kv_heads = 4, .head_dim = 128, .n_layers = 28};

AttentionPlan plan(const vulkan::DeviceCaps& caps, const LayerShape& shape, bool noCooperativeMatrix = false,
                   uint32_t maxContext = 32768) {
    auto result = planAttention(caps, shape, maxContext, {.noCooperativeMatrix = noCooperativeMatrix});
    REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
    return *result;
}

using Prefill = AttentionPlan::Prefill;

} // namespace

TEST_CASE("matrices where the device, the shape and the precision allow them") {
    const auto chosen = plan(h100(), kQwen7b);
    CHECK(chosen.prefill == Prefill::CooperativeMatrix);
    CHECK(chosen.subgroupSize == 32);
    CHECK(chosen.invocations == 128);
    CHECK(chosen.rows == 64);

    CHECK(plan(h100(), kQwen7b, true).prefill == Prefill::Plain); // the override
    CHECK(plan(software(), kQwen7b).prefill == Prefill::Plain);

    LayerShape shape = kQwen7b;
    shape.cache = inference::CacheFormat::F32;
    CHECK(plan(h100(), shape).prefill == Prefill::Plain);
    shape.cache = inference::CacheFormat::Q8;
    CHECK(plan(h100(), shape).prefill == Prefill::CooperativeMatrix);
    shape = kQwen7b;
    shape.head_dim = 96;
    CHECK(plan(h100(), shape).prefill == Prefill::Plain);
    shape.head_dim = 64;
    CHECK(plan(h100(), shape).prefill == Prefill::CooperativeMatrix);
}

TEST_CASE("matrices need their shared memory, their invocations and a known subgroup size") {
    auto caps = h100();
    caps.maxSharedBytes = 32768;
    CHECK(plan(caps, kQwen7b).prefill == Prefill::Plain);
    LayerShape small = kQwen7b;
    small.head_dim = 64;
    CHECK(plan(caps, small).prefill == Prefill::CooperativeMatrix);

    caps = h100();
    caps.subgroupSizeControl = false;
    CHECK(plan(caps, kQwen7b).prefill == Prefill::CooperativeMatrix); // the only size it has
    caps.minSubgroupSize = 16;
    CHECK(plan(caps, kQwen7b).prefill == Prefill::Plain);

    caps = h100();
    caps.subgroupSize = 64; // AMD
    CHECK(plan(caps, kQwen7b).invocations == 256);
    caps.maxInvocations = 128;
    CHECK(plan(caps, kQwen7b).prefill == Prefill::Plain);
    caps = h100();
    caps.subgroupSize = 8; // fewer lanes than rows of a matrix
    CHECK(plan(caps, kQwen7b).prefill == Prefill::Plain);
    caps = h100();
    caps.float16 = false;
    CHECK(plan(caps, kQwen7b).prefill == Prefill::Plain);
}

TEST_CASE("plain tiles fit the shared memory and the kernel's rules, for every head size") {
    for (const uint32_t bytes : {32768u, 49152u, 65536u}) {
        for (uint32_t head_dim = 8; head_dim <= 256; head_dim += 8) {
            auto caps = software();
            caps.maxSharedBytes = bytes;
            LayerShape shape = kQwen7b;
            shape.head_dim = head_dim;
            const auto chosen = plan(caps, shape);
            CAPTURE(head_dim);
            CHECK(prefillSharedBytes(head_dim, chosen.rows, chosen.keys) <= bytes);
            CHECK(128 % chosen.rows == 0);
            CHECK(256 % chosen.keys == 0);
            CHECK(chosen.rows % 2 == 0);
            CHECK(chosen.keys % 2 == 0);
            CHECK(decodeSharedBytes(head_dim, 8, inference::CacheFormat::Q8) <= 32768);
        }
    }
}

TEST_CASE("decoding fills a large device, and no part is shorter than a step") {
    CHECK(plan(h100(), kQwen7b).decodeParts == 66); // x 4 key heads: two workgroups a multiprocessor
    auto unknown = h100();
    unknown.computeUnits = 0;
    CHECK(plan(unknown, kQwen7b).decodeParts == 64);
    unknown.unified = true;
    CHECK(plan(unknown, kQwen7b).decodeParts == 32);
    CHECK(plan(h100(), kQwen7b, false, 4096).decodeParts == 64);
    CHECK(plan(h100(), kQwen7b, false, 1).decodeParts == 1);
    CHECK(plan(software(), kQwen7b).decodeParts == 2);
    CHECK(plan(h100(), {.n_heads = 8, .n_kv_heads = 1, .head_dim = 64}, false, 1u << 20).decodeParts ==
          256); // at most
    CHECK(plan(h100(), {.n_heads = 4096, .n_kv_heads = 1024, .head_dim = 64}).decodeParts == 2);
}

TEST_CASE("query heads of a key head are dealt evenly over workgroups of at most eight") {
    for (uint32_t ratio = 1; ratio <= 40; ++ratio) {
        CAPTURE(ratio);
        const auto chosen = plan(h100(), {.n_heads = ratio * 2, .n_kv_heads = 2, .head_dim = 128});
        CHECK(chosen.decodeHeads <= 8);
        CHECK(chosen.decodeHeads * chosen.decodeHeadGroups >= ratio);
        CHECK(chosen.decodeHeads * (chosen.decodeHeadGroups - 1) < ratio);
        CHECK((ratio > 8 || chosen.decodeHeadGroups == 1));
    }
}

TEST_CASE("what no kernel takes is refused with the number") {
    const auto refused = [](const vulkan::DeviceCaps& caps, const LayerShape& shape, ErrorCode code,
                            std::string_view number) {
        const auto result = planAttention(caps, shape, 4096, {});
        REQUIRE(!result.ok());
        CHECK(result.error().code == code);
        CHECK(result.error().message.find(number) != std::string::npos);
    };
    refused(h100(), {.n_heads = 4, .n_kv_heads = 2, .head_dim = 0}, ErrorCode::UnsupportedArchitecture,
            "of 0");
    refused(h100(), {.n_heads = 4, .n_kv_heads = 2, .head_dim = 100}, ErrorCode::UnsupportedArchitecture,
            "100");
    refused(h100(), {.n_heads = 4, .n_kv_heads = 2, .head_dim = 264}, ErrorCode::UnsupportedArchitecture,
            "264");
    refused(h100(), {.n_heads = 4, .n_kv_heads = 0, .head_dim = 64}, ErrorCode::UnsupportedArchitecture,
            "0 key heads");
    refused(h100(), {.n_heads = 7, .n_kv_heads = 2, .head_dim = 64}, ErrorCode::UnsupportedArchitecture, "7");
    refused(h100(), {.n_heads = 4, .n_kv_heads = 2, .head_dim = 80, .cache = inference::CacheFormat::Q8},
            ErrorCode::UnsupportedArchitecture, "have 80: leave out --cache q8");
    auto caps = software();
    caps.maxSharedBytes = 16384;
    refused(caps, kQwen7b, ErrorCode::DeviceTooLimited, "16384");
}

TEST_CASE(
    "attention plan: parts as asked for, but never more than are joined or than the context has steps") {
    const auto parts = [](uint32_t asked, uint32_t context) {
        const auto result = planAttention(h100(), kQwen7b, context, {.decodeParts = asked});
        REQUIRE(result.ok());
        return result.value().decodeParts;
    };
    CHECK(parts(64, 32768) == 64);
    CHECK(parts(1000, 32768) == 256);
    CHECK(parts(64, 512) == 8);
}

} // namespace ponder::kernels
