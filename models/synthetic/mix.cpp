#include "models/synthetic/mix.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "models/base/text.h"

namespace ponder::models::synthetic {

// Which layers of a kind of tensor get the better format.
enum class Layers { None, All, FirstTwo, FirstFour, FirstEighth, MoreBits };

struct Better {
    Layers layers = Layers::None;
    QuantType type = QuantType::F32;
};

struct MixRow {
    std::string_view name;
    QuantType base;      // what nothing else is said of
    Better values, down; // attn_v and attn_kv_b; ffn_down, of experts too
    QuantType values2;   // of the other layers' attn_v
    QuantType output;    // attn_output
};

namespace {

using enum QuantType;

constexpr MixRow kMixes[] = {
    {"q3_k_s", Q3_K, {}, {}, Q3_K, Q3_K},
    {"q3_k_m", Q3_K, {Layers::FirstTwo, Q5_K}, {Layers::MoreBits, Q4_K}, Q4_K, Q4_K},
    {"q3_k_l", Q3_K, {Layers::All, Q5_K}, {Layers::All, Q5_K}, Q5_K, Q5_K},
    {"q4_k_s", Q4_K, {Layers::FirstFour, Q5_K}, {Layers::FirstEighth, Q5_K}, Q4_K, Q4_K},
    {"q4_k_m", Q4_K, {Layers::MoreBits, Q6_K}, {Layers::MoreBits, Q6_K}, Q4_K, Q4_K},
    {"q5_k_s", Q5_K, {}, {}, Q5_K, Q5_K},
    {"q5_k_m", Q5_K, {Layers::MoreBits, Q6_K}, {Layers::MoreBits, Q6_K}, Q5_K, Q5_K},
};
constexpr QuantType kHead = Q6_K; // output.weight of every mix, and of formats below it

bool isBetter(Layers layers, uint32_t layer, uint32_t n_layers) {
    const uint32_t eighth = n_layers / 8;
    switch (layers) {
    case Layers::None:
        return false;
    case Layers::All:
        return true;
    case Layers::FirstTwo:
        return layer < 2;
    case Layers::FirstFour:
        return layer < 4;
    case Layers::FirstEighth:
        return layer < eighth;
    case Layers::MoreBits: // the first and last eighth, and every third between
        return layer < eighth || layer >= 7 * n_layers / 8 || (layer - eighth) % 3 == 2;
    }
    return false;
}

double bitsOf(QuantType type) {
    const QuantTypeInfo& info = quantTypeInfo(type);
    return 8.0 * info.bytesPerBlock / info.valuesPerBlock;
}

// The nearest format of 32 values for columns that are no multiple of 256 (those of attn_k_b are 128).
QuantType fallback(QuantType type) {
    switch (type) {
    case TQ1_0:
    case TQ2_0:
        return Q4_0;
    case Q4_K:
        return Q5_0;
    case Q5_K:
        return Q5_1;
    case Q6_K:
        return Q8_0;
    default: // all the others are below four bits, or IQ4_XS
        return IQ4_NL;
    }
}

QuantType fitting(QuantType type, uint64_t columns) {
    if (columns % quantTypeInfo(type).valuesPerBlock == 0) return type;
    const QuantType other = fallback(type);
    return columns % quantTypeInfo(other).valuesPerBlock == 0 ? other : F16;
}

// Of "blk.17.ffn_down.weight" 17 and "ffn_down.weight"; of others 0 and the name itself.
uint32_t splitName(std::string_view& name) {
    constexpr std::string_view kBlock = "blk.";
    if (!name.starts_with(kBlock)) return 0;
    uint32_t layer = 0;
    const char* const end = std::from_chars(name.data() + kBlock.size(), name.data() + name.size(), layer).ptr;
    name.remove_prefix(static_cast<size_t>(end - name.data()) + 1);
    return layer;
}

QuantType ofMix(const MixRow& mix, std::string_view part, uint32_t layer, const Hyperparams& whole) {
    if (part == "output.weight") return kHead;
    if (part == "attn_v.weight" || part == "attn_kv_b.weight")
        return isBetter(mix.values.layers, layer, whole.n_layers) ? mix.values.type : mix.values2;
    if (part.starts_with("ffn_down"))
        return isBetter(mix.down.layers, layer, whole.n_layers) ? mix.down.type : mix.base;
    if (part == "attn_output.weight") return mix.output;
    return mix.base;
}

// Of a mixture below four bits only the routed experts are stored so coarsely, as in the files of R1 that people run in that
// (unsloth's of 1.58 bits): the rest would be worth little and is a fortieth of the bytes.
QuantType ofOneFormat(QuantType type, std::string_view part, const Hyperparams& whole) {
    if (!whole.isMoe() || bitsOf(type) >= 4 || part.find("_exps.") != std::string_view::npos) return type;
    return part == "output.weight" ? kHead : Q4_K;
}

} // namespace

std::optional<Mix> Mix::find(std::string_view name) {
    Mix mix;
    for (const MixRow& row : kMixes)
        if (equalIgnoringCase(row.name, name)) mix.m_mix = &row;
    if (mix.m_mix != nullptr) return mix;
    const auto type = quantTypeFromName(name);
    if (!type) return std::nullopt;
    mix.m_type = *type;
    return mix;
}

std::string Mix::names() {
    std::string text;
    for (const MixRow& row : kMixes) text += fmt::format("{}{}", text.empty() ? "" : ", ", row.name);
    for (const QuantTypeInfo& info : allQuantTypes()) {
        std::string name(info.name);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        text += ", " + name;
    }
    return text;
}

std::string_view Mix::name() const { return m_mix != nullptr ? m_mix->name : quantTypeInfo(m_type).name; }

QuantType Mix::typeOf(const TensorSpec& tensor, const Hyperparams& whole) const {
    std::string_view part = tensor.name;
    const uint32_t layer = splitName(part);
    if (tensor.shape.size() == 1 || part == "ffn_gate_inp.weight")
        return F32; // vectors, and the router, which decides between near equals
    const QuantType type =
        m_mix != nullptr ? ofMix(*m_mix, part, layer, whole) : ofOneFormat(m_type, part, whole);
    return fitting(type, tensor.shape.front());
}

} // namespace ponder::models::synthetic
