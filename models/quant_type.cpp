#include "models/quant_type.h"

#include <algorithm>
#include <array>

#include "models/base/text.h"

namespace ponder::models {

namespace {

// Values and bytes of a block, by format (the block structs stand in shaders/shared/quant_blocks.h).
constexpr std::array<QuantTypeInfo, kQuantTypeCount> kTypes{{
    {QuantType::F32, 0, 1, 4, "F32"},
    {QuantType::F16, 1, 1, 2, "F16"},
    {QuantType::BF16, 30, 1, 2, "BF16"},
    {QuantType::Q4_0, 2, 32, 18, "Q4_0"},
    {QuantType::Q4_1, 3, 32, 20, "Q4_1"},
    {QuantType::Q5_0, 6, 32, 22, "Q5_0"},
    {QuantType::Q5_1, 7, 32, 24, "Q5_1"},
    {QuantType::Q8_0, 8, 32, 34, "Q8_0"},
    {QuantType::Q2_K, 10, 256, 84, "Q2_K"},
    {QuantType::Q3_K, 11, 256, 110, "Q3_K"},
    {QuantType::Q4_K, 12, 256, 144, "Q4_K"},
    {QuantType::Q5_K, 13, 256, 176, "Q5_K"},
    {QuantType::Q6_K, 14, 256, 210, "Q6_K"},
    {QuantType::IQ1_S, 19, 256, 50, "IQ1_S"},
    {QuantType::IQ1_M, 29, 256, 56, "IQ1_M"},
    {QuantType::IQ2_XXS, 16, 256, 66, "IQ2_XXS"},
    {QuantType::IQ2_XS, 17, 256, 74, "IQ2_XS"},
    {QuantType::IQ2_S, 22, 256, 82, "IQ2_S"},
    {QuantType::IQ3_XXS, 18, 256, 98, "IQ3_XXS"},
    {QuantType::IQ3_S, 21, 256, 110, "IQ3_S"},
    {QuantType::IQ4_NL, 20, 32, 18, "IQ4_NL"},
    {QuantType::IQ4_XS, 23, 256, 136, "IQ4_XS"},
    {QuantType::TQ1_0, 34, 256, 54, "TQ1_0"},
    {QuantType::TQ2_0, 35, 256, 66, "TQ2_0"},
}};

constexpr bool tableIsInEnumOrder() {
    for (size_t i = 0; i < kTypes.size(); ++i)
        if (static_cast<size_t>(kTypes[i].type) != i) return false;
    return true;
}
static_assert(tableIsInEnumOrder());

// Formats of others that share the extension, so that a refusal can say what a file holds. 36-38, 31-33 were withdrawn
// from ggml; from 97 on they are ik_llama.cpp's own (ggml/include/ggml.h there).
struct Foreign {
    uint32_t ggufId;
    std::string_view name;
};
constexpr Foreign kForeign[] = {
    {4, "Q4_2"},         {5, "Q4_3"},       {9, "Q8_1"},        {15, "Q8_K"},        {24, "I8"},
    {25, "I16"},         {26, "I32"},       {27, "I64"},        {28, "F64"},         {31, "Q4_0_4_4"},
    {32, "Q4_0_4_8"},    {33, "Q4_0_8_8"},  {36, "IQ4_NL_4_4"}, {37, "IQ4_NL_4_8"},  {38, "IQ4_NL_8_8"},
    {39, "MXFP4"},       {40, "NVFP4"},     {41, "Q1_0"},       {97, "Q8_0_X4"},     {98, "Q8_1_X4"},
    {99, "Q8_2_X4"},     {133, "Q6_0"},     {134, "IQ1_BN"},    {135, "IQ2_BN"},     {136, "Q8_K64"},
    {137, "IQ2_K"},      {138, "IQ3_K"},    {139, "IQ4_K"},     {140, "IQ5_K"},      {141, "IQ6_K"},
    {144, "IQ4_KS"},     {145, "IQ2_KS"},   {146, "IQ4_KSS"},   {147, "Q8_K16"},     {148, "Q8_K32"},
    {149, "Q8_KR8"},     {150, "Q8_K128"},  {151, "Q8_KV"},     {152, "IQ5_KS"},     {153, "IQ2_KT"},
    {154, "IQ3_KT"},     {155, "IQ4_KT"},   {156, "IQ3_KS"},    {157, "IQ2_KL"},     {158, "IQ1_KT"},
    {202, "Q4_0_R8"},    {206, "Q5_0_R4"},  {208, "Q8_0_R8"},   {210, "Q2_K_R4"},    {211, "Q3_K_R4"},
    {212, "Q4_K_R4"},    {213, "Q5_K_R4"},  {214, "Q6_K_R4"},   {216, "IQ2_XXS_R4"}, {217, "IQ2_XS_R4"},
    {218, "IQ3_XXS_R4"}, {219, "IQ1_S_R4"}, {220, "IQ4_NL_R4"}, {221, "IQ3_S_R4"},   {222, "IQ2_S_R4"},
    {223, "IQ4_XS_R8"},  {229, "IQ1_M_R4"}, {230, "BF16_R16"},  {233, "Q6_0_R4"},    {335, "IQ2_BN_R4"},
    {337, "IQ2_K_R4"},   {338, "IQ3_K_R4"}, {339, "IQ4_K_R4"},  {340, "IQ5_K_R4"},   {344, "IQ4_KS_R4"},
    {352, "IQ5_KS_R4"},  {398, "Q8_KV_R8"}, {399, "Q8_K_R8"},
};

} // namespace

const QuantTypeInfo& quantTypeInfo(QuantType type) { return kTypes.at(static_cast<size_t>(type)); }

std::span<const QuantTypeInfo> allQuantTypes() { return kTypes; }

std::optional<QuantType> quantTypeFromGguf(uint32_t ggufId) {
    for (const QuantTypeInfo& info : kTypes)
        if (info.ggufId == ggufId) return info.type;
    return std::nullopt;
}

std::string_view ggufTypeName(uint32_t ggufId) {
    if (const auto type = quantTypeFromGguf(ggufId)) return quantTypeInfo(*type).name;
    for (const Foreign& foreign : kForeign)
        if (foreign.ggufId == ggufId) return foreign.name;
    return "unknown";
}

std::optional<QuantType> quantTypeFromName(std::string_view name) {
    for (const QuantTypeInfo& info : kTypes)
        if (equalIgnoringCase(info.name, name)) return info.type;
    return std::nullopt;
}

} // namespace ponder::models
