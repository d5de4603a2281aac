#pragma once
// The tensor formats that Ponder reads: one row a format, with the numbers that everything else derives from.
// Formats are fixed by GGUF (ggml/docs/gguf.md); others are refused by name. Pure; any thread.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ponder::models {

enum class QuantType : uint8_t {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ1_S,
    IQ1_M,
    IQ2_XXS,
    IQ2_XS,
    IQ2_S,
    IQ3_XXS,
    IQ3_S,
    IQ4_NL,
    IQ4_XS,
    TQ1_0,
    TQ2_0,
};
inline constexpr int kQuantTypeCount = 24;

struct QuantTypeInfo {
    QuantType type;
    uint32_t ggufId;         // the number a file uses
    uint32_t valuesPerBlock; // 1, 32 or 256
    uint32_t bytesPerBlock;
    std::string_view name; // as files and people write it: "Q4_K"
};

const QuantTypeInfo& quantTypeInfo(QuantType type);
std::span<const QuantTypeInfo> allQuantTypes();              // (kQuantTypeCount), in the order of the enum
std::optional<QuantType> quantTypeFromGguf(uint32_t ggufId); // nothing: not a format of ours
std::string_view ggufTypeName(uint32_t ggufId); // names foreign formats too: "MXFP4", "IQ2_K", else "unknown"
std::optional<QuantType> quantTypeFromName(std::string_view name); // without regard to case

} // namespace ponder::models
