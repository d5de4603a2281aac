#include "models/catalog.h"

#include <array>

namespace ponder::models {

namespace {

constexpr QuantMix kMixes[] = {{"F16", 16.0},    {"Q8_0", 8.52},   {"Q6_K", 6.58},  {"Q5_K_M", 5.72},
                               {"Q4_K_M", 4.92}, {"IQ4_XS", 4.46}, {"Q3_K_M", 4.0}, {"IQ3_XXS", 3.3},
                               {"Q2_K", 3.18},   {"IQ2_XXS", 2.4}, {"IQ1_S", 1.95}};

constexpr uint64_t kMegabyte = 1'000'000;
constexpr uint64_t kDeviceOverheadBytes =
    600 * kMegabyte; // activations of a prompt's chunk, logits, pipelines

constexpr CatalogFile file(std::string_view mix, uint64_t megabytes) { return {mix, megabytes * kMegabyte}; }

constexpr std::array kQwen15{file("Q8_0", 1890), file("Q6_K", 1460), file("Q5_K_M", 1290),
                             file("Q4_K_M", 1120)};
constexpr std::array kQwen7{file("Q8_0", 8100),   file("Q6_K", 6250),   file("Q5_K_M", 5440),
                            file("Q4_K_M", 4680), file("Q3_K_M", 3810), file("Q2_K", 3020)};
constexpr std::array kQwen14{file("Q8_0", 15700),  file("Q6_K", 12120),  file("Q5_K_M", 10510),
                             file("Q4_K_M", 8990), file("Q3_K_M", 7340), file("Q2_K", 5770)};
constexpr std::array kQwen32{file("Q8_0", 34820),   file("Q6_K", 26890),   file("Q5_K_M", 23260),
                             file("Q4_K_M", 19850), file("Q3_K_M", 15940), file("Q2_K", 12310)};
constexpr std::array kLlama8{file("Q8_0", 8540),   file("Q6_K", 6600),   file("Q5_K_M", 5730),
                             file("Q4_K_M", 4920), file("Q3_K_M", 4020), file("Q2_K", 3180)};
constexpr std::array kLlama70{file("Q8_0", 74980),   file("Q6_K", 57890),   file("Q5_K_M", 49950),
                              file("Q4_K_M", 42520), file("Q3_K_M", 34270), file("Q2_K", 26380)};
constexpr std::array kR1{file("Q2_K_XL", 212000), file("IQ2_XXS", 183000), file("IQ1_M", 158000),
                         file("IQ1_S", 131000)};

constexpr CatalogEntry kEntries[] = {
    {"r1-distill-qwen-1.5b", "DeepSeek R1 Distill Qwen 1.5B", "unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", "MIT (base: Apache 2.0)", "qwen2", 1'777'000'000, 131072,
     28672, kQwen15},
    {"r1-distill-qwen-7b", "DeepSeek R1 Distill Qwen 7B", "unsloth/DeepSeek-R1-Distill-Qwen-7B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "MIT (base: Apache 2.0)", "qwen2", 7'616'000'000, 131072,
     57344, kQwen7},
    {"r1-distill-llama-8b", "DeepSeek R1 Distill Llama 8B", "unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "MIT (base: Llama 3.1)", "llama", 8'030'000'000, 131072,
     131072, kLlama8},
    {"r1-distill-qwen-14b", "DeepSeek R1 Distill Qwen 14B", "unsloth/DeepSeek-R1-Distill-Qwen-14B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", "MIT (base: Apache 2.0)", "qwen2", 14'770'000'000, 131072,
     196608, kQwen14},
    {"r1-distill-qwen-32b", "DeepSeek R1 Distill Qwen 32B", "unsloth/DeepSeek-R1-Distill-Qwen-32B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "MIT (base: Apache 2.0)", "qwen2", 32'764'000'000, 131072,
     262144, kQwen32},
    {"r1-distill-llama-70b", "DeepSeek R1 Distill Llama 70B", "unsloth/DeepSeek-R1-Distill-Llama-70B-GGUF",
     "deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "MIT (base: Llama 3.3)", "llama", 70'554'000'000, 131072,
     327680, kLlama70},
    {"r1-671b", "DeepSeek R1 671B", "unsloth/DeepSeek-R1-GGUF", "deepseek-ai/DeepSeek-R1", "MIT", "deepseek2",
     671'026'000'000, 163840, 70272, kR1},
    {"v3-0324",
     "DeepSeek V3 0324 671B",
     "unsloth/DeepSeek-V3-0324-GGUF",
     "deepseek-ai/DeepSeek-V3-0324",
     "MIT",
     "deepseek2",
     671'026'000'000,
     163840,
     70272,
     {}},
};

} // namespace

std::span<const QuantMix> quantMixes() { return kMixes; }

std::optional<MixEstimate> largestMixWithin(uint64_t parameters, uint64_t limitBytes) {
    for (const QuantMix& mix : kMixes) {
        const auto bytes = static_cast<uint64_t>(static_cast<double>(parameters) * mix.bitsPerWeight / 8);
        if (bytes <= limitBytes) return MixEstimate{mix.name, bytes};
    }
    return std::nullopt;
}

std::span<const CatalogEntry> catalog() { return kEntries; }

uint64_t memoryNeeded(const CatalogEntry& entry, const CatalogFile& file, uint32_t context) {
    return file.sizeBytes + entry.cacheBytesPerToken * context + kDeviceOverheadBytes;
}

} // namespace ponder::models
