#include "tests/kernels/support/push_layouts.h"

#include "shaders/shared/push_constants.h"
#include "shaders/shared/sampling.h"
#include "shaders/shared/self_test.h"

namespace ponder::test {

namespace {

// One row a struct of shaders/shared. Every member is named: the test fails on a different number.
const std::vector<PushLayout>& layouts() {
    using namespace shared;
    static const std::vector<PushLayout> all = {
        {"read_address",
         sizeof(SelfTestPush),
         {offsetof(SelfTestPush, address), offsetof(SelfTestPush, count), offsetof(SelfTestPush, reserved)}},
        {"self_test",
         sizeof(SelfTestPush),
         {offsetof(SelfTestPush, address), offsetof(SelfTestPush, count), offsetof(SelfTestPush, reserved)}},
        {"rms_norm",
         sizeof(RmsNormPush),
         {offsetof(RmsNormPush, weight), offsetof(RmsNormPush, columns), offsetof(RmsNormPush, xStride),
          offsetof(RmsNormPush, yStride), offsetof(RmsNormPush, eps)}},
        {"gated_act", sizeof(GatedActPush), {offsetof(GatedActPush, values)}},
        {"rope_store",
         sizeof(RopeStorePush),
         {offsetof(RopeStorePush, ropeTable), offsetof(RopeStorePush, layer), offsetof(RopeStorePush, n_heads),
          offsetof(RopeStorePush, n_kv_heads), offsetof(RopeStorePush, head_dim),
          offsetof(RopeStorePush, rope_dim), offsetof(RopeStorePush, interleaved)}},
        {"attention",
         sizeof(AttentionPush),
         {offsetof(AttentionPush, layer), offsetof(AttentionPush, n_heads),
          offsetof(AttentionPush, n_kv_heads), offsetof(AttentionPush, n), offsetof(AttentionPush, parts),
          offsetof(AttentionPush, scale)}},
        {"matvec",
         sizeof(MatVecPush),
         {offsetof(MatVecPush, weight), offsetof(MatVecPush, bias), offsetof(MatVecPush, codebook),
          offsetof(MatVecPush, rowBytes), offsetof(MatVecPush, rows), offsetof(MatVecPush, columns),
          offsetof(MatVecPush, xStride), offsetof(MatVecPush, yStride), offsetof(MatVecPush, firstRow),
          offsetof(MatVecPush, accumulate)}},
        {"matmul",
         sizeof(MatMulPush),
         {offsetof(MatMulPush, weight), offsetof(MatMulPush, bias), offsetof(MatMulPush, codebook),
          offsetof(MatMulPush, rowBytes), offsetof(MatMulPush, rows), offsetof(MatMulPush, columns),
          offsetof(MatMulPush, xStride), offsetof(MatMulPush, yStride), offsetof(MatMulPush, firstRow),
          offsetof(MatMulPush, accumulate), offsetof(MatMulPush, n)}},
        {"get_rows",
         sizeof(GetRowsPush),
         {offsetof(GetRowsPush, weight), offsetof(GetRowsPush, codebook), offsetof(GetRowsPush, rowBytes),
          offsetof(GetRowsPush, rows), offsetof(GetRowsPush, columns), offsetof(GetRowsPush, firstRow),
          offsetof(GetRowsPush, n)}},
        {"to_f16",
         sizeof(ToF16Push),
         {offsetof(ToF16Push, columns), offsetof(ToF16Push, xStride), offsetof(ToF16Push, halfStride),
          offsetof(ToF16Push, rows)}},
        {"gated_int8",
         sizeof(GatedMatVecPush),
         {offsetof(GatedMatVecPush, gate), offsetof(GatedMatVecPush, up), offsetof(GatedMatVecPush, codebook),
          offsetof(GatedMatVecPush, rowBytes), offsetof(GatedMatVecPush, rows),
          offsetof(GatedMatVecPush, columns), offsetof(GatedMatVecPush, xStride)}},
        {"to_int8", sizeof(ToInt8Push), {offsetof(ToInt8Push, columns), offsetof(ToInt8Push, xStride)}},
        {"matvec_experts",
         sizeof(ExpertsPush),
         {offsetof(ExpertsPush, table), offsetof(ExpertsPush, codebook), offsetof(ExpertsPush, rowBytes),
          offsetof(ExpertsPush, rows), offsetof(ExpertsPush, columns), offsetof(ExpertsPush, xStride),
          offsetof(ExpertsPush, yStride), offsetof(ExpertsPush, n), offsetof(ExpertsPush, slots),
          offsetof(ExpertsPush, xPerPair), offsetof(ExpertsPush, experts), offsetof(ExpertsPush, routed)}},
        {"matmul_experts",
         sizeof(ExpertsPush),
         {offsetof(ExpertsPush, table), offsetof(ExpertsPush, codebook), offsetof(ExpertsPush, rowBytes),
          offsetof(ExpertsPush, rows), offsetof(ExpertsPush, columns), offsetof(ExpertsPush, xStride),
          offsetof(ExpertsPush, yStride), offsetof(ExpertsPush, n), offsetof(ExpertsPush, slots),
          offsetof(ExpertsPush, xPerPair), offsetof(ExpertsPush, experts), offsetof(ExpertsPush, routed)}},
        {"matmul_coopmat_experts",
         sizeof(ExpertsPush),
         {offsetof(ExpertsPush, table), offsetof(ExpertsPush, codebook), offsetof(ExpertsPush, rowBytes),
          offsetof(ExpertsPush, rows), offsetof(ExpertsPush, columns), offsetof(ExpertsPush, xStride),
          offsetof(ExpertsPush, yStride), offsetof(ExpertsPush, n), offsetof(ExpertsPush, slots),
          offsetof(ExpertsPush, xPerPair), offsetof(ExpertsPush, experts), offsetof(ExpertsPush, routed)}},
        {"matvec_transposed",
         sizeof(ExpertsPush),
         {offsetof(ExpertsPush, table), offsetof(ExpertsPush, codebook), offsetof(ExpertsPush, rowBytes),
          offsetof(ExpertsPush, rows), offsetof(ExpertsPush, columns), offsetof(ExpertsPush, xStride),
          offsetof(ExpertsPush, yStride), offsetof(ExpertsPush, n), offsetof(ExpertsPush, slots),
          offsetof(ExpertsPush, xPerPair), offsetof(ExpertsPush, experts), offsetof(ExpertsPush, routed)}},
        {"latent_store",
         sizeof(LatentStorePush),
         {offsetof(LatentStorePush, ropeTable), offsetof(LatentStorePush, normWeight),
          offsetof(LatentStorePush, layer), offsetof(LatentStorePush, n_heads),
          offsetof(LatentStorePush, head_dim), offsetof(LatentStorePush, rope_dim),
          offsetof(LatentStorePush, kv_lora_rank), offsetof(LatentStorePush, interleaved),
          offsetof(LatentStorePush, eps)}},
        {"unpack_heads",
         sizeof(UnpackHeadsPush),
         {offsetof(UnpackHeadsPush, table), offsetof(UnpackHeadsPush, codebook),
          offsetof(UnpackHeadsPush, rowBytes), offsetof(UnpackHeadsPush, rows),
          offsetof(UnpackHeadsPush, columns), offsetof(UnpackHeadsPush, transposed)}},
        {"latent_expand",
         sizeof(ExpandPush),
         {offsetof(ExpandPush, layer), offsetof(ExpandPush, n_heads), offsetof(ExpandPush, keyDim),
          offsetof(ExpandPush, kv_lora_rank), offsetof(ExpandPush, firstKey),
          offsetof(ExpandPush, pieceKeys)}},
        {"attention_expanded",
         sizeof(ExpandedAttentionPush),
         {offsetof(ExpandedAttentionPush, layer), offsetof(ExpandedAttentionPush, n_heads),
          offsetof(ExpandedAttentionPush, keyDim), offsetof(ExpandedAttentionPush, n),
          offsetof(ExpandedAttentionPush, firstKey), offsetof(ExpandedAttentionPush, pieceKeys),
          offsetof(ExpandedAttentionPush, scale)}},
        {"route_experts",
         sizeof(RouterPush),
         {offsetof(RouterPush, bias), offsetof(RouterPush, n_experts), offsetof(RouterPush, n_used),
          offsetof(RouterPush, groups), offsetof(RouterPush, groupsUsed), offsetof(RouterPush, sigmoid),
          offsetof(RouterPush, topTwo), offsetof(RouterPush, normalise), offsetof(RouterPush, scale)}},
        {"sort_experts",
         sizeof(SortExpertsPush),
         {offsetof(SortExpertsPush, pairs), offsetof(SortExpertsPush, n_experts)}},
        {"split_experts",
         sizeof(SplitExpertsPush),
         {offsetof(SplitExpertsPush, table), offsetof(SplitExpertsPush, taken),
          offsetof(SplitExpertsPush, pairs), offsetof(SplitExpertsPush, n_experts)}},
        {"sampling",
         sizeof(SamplingPush),
         {offsetof(SamplingPush, slices), offsetof(SamplingPush, sliceSize), offsetof(SamplingPush, selection),
          offsetof(SamplingPush, level), offsetof(SamplingPush, counts), offsetof(SamplingPush, selections)}},
        {"combine_experts",
         sizeof(CombinePush),
         {offsetof(CombinePush, columns), offsetof(CombinePush, n_used)}},
    };
    return all;
}

} // namespace

const PushLayout* pushLayoutOf(std::string_view kernel) {
    const PushLayout* best = nullptr;
    for (const PushLayout& layout : layouts())
        if (kernel.starts_with(layout.prefix) && (!best || layout.prefix.size() > best->prefix.size()))
            best = &layout;
    return best;
}

} // namespace ponder::test
