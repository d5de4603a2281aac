#include "models/quant_type.h"

#include <bit>
#include <cmath>
#include <limits>
#include <set>

#include <doctest/doctest.h>

#include "models/base/half.h"

using namespace ponder;
using namespace ponder::models;

TEST_CASE("quant types: the table is in the order of the enum and its ids are unique") {
    std::set<uint32_t> ids;
    std::set<std::string_view> names;
    for (size_t i = 0; i < allQuantTypes().size(); ++i) {
        const QuantTypeInfo& info = allQuantTypes()[i];
        CHECK(static_cast<size_t>(info.type) == i);
        CHECK(&quantTypeInfo(info.type) == &info);
        CHECK(quantTypeFromGguf(info.ggufId) == info.type);
        CHECK(quantTypeFromName(info.name) == info.type);
        CHECK(ggufTypeName(info.ggufId) == info.name);
        CHECK(std::has_single_bit(info.valuesPerBlock));
        ids.insert(info.ggufId);
        names.insert(info.name);
    }
    CHECK(ids.size() == kQuantTypeCount);
    CHECK(names.size() == kQuantTypeCount);
}

TEST_CASE("quant types: bits per weight are those that each format is known by") {
    const auto bits = [](QuantType type) {
        const QuantTypeInfo& info = quantTypeInfo(type);
        return 8.0 * info.bytesPerBlock / info.valuesPerBlock;
    };
    CHECK(bits(QuantType::Q4_0) == 4.5);
    CHECK(bits(QuantType::Q8_0) == 8.5);
    CHECK(bits(QuantType::Q2_K) == 2.625);
    CHECK(bits(QuantType::Q3_K) == 3.4375);
    CHECK(bits(QuantType::Q4_K) == 4.5);
    CHECK(bits(QuantType::Q5_K) == 5.5);
    CHECK(bits(QuantType::Q6_K) == 6.5625);
    CHECK(bits(QuantType::IQ1_S) == 1.5625);
    CHECK(bits(QuantType::IQ1_M) == 1.75);
    CHECK(bits(QuantType::IQ2_XXS) == 2.0625);
    CHECK(bits(QuantType::IQ2_XS) == 2.3125);
    CHECK(bits(QuantType::IQ2_S) == 2.5625);
    CHECK(bits(QuantType::IQ3_XXS) == 3.0625);
    CHECK(bits(QuantType::IQ3_S) == 3.4375);
    CHECK(bits(QuantType::IQ4_XS) == 4.25);
    CHECK(bits(QuantType::TQ1_0) == 1.6875);
    CHECK(bits(QuantType::TQ2_0) == 2.0625);
}

TEST_CASE("quant types: foreign formats have names and are not ours") {
    CHECK(ggufTypeName(39) == "MXFP4");
    CHECK(ggufTypeName(9) == "Q8_1");
    CHECK(ggufTypeName(137) == "IQ2_K");
    CHECK(ggufTypeName(337) == "IQ2_K_R4");
    CHECK(ggufTypeName(26) == "I32");
    CHECK_FALSE(quantTypeFromGguf(39));
    CHECK_FALSE(quantTypeFromGguf(4));
    CHECK(ggufTypeName(std::numeric_limits<uint32_t>::max()) == "unknown");
    CHECK_FALSE(quantTypeFromGguf(std::numeric_limits<uint32_t>::max()));
}

TEST_CASE("quant types: names are found without regard to case") {
    CHECK(quantTypeFromName("q4_k") == QuantType::Q4_K);
    CHECK(quantTypeFromName("iq2_xXs") == QuantType::IQ2_XXS);
    CHECK_FALSE(quantTypeFromName("Q4_K_M"));
    CHECK_FALSE(quantTypeFromName(""));
}

TEST_CASE("half: every binary16 survives the way to float and back") {
    for (uint32_t bits = 0; bits < 0x10000; ++bits) {
        const auto half = static_cast<uint16_t>(bits);
        const float value = halfToFloat(half);
        if (std::isnan(value)) {
            CHECK(std::isnan(halfToFloat(floatToHalf(value))));
        } else {
            REQUIRE(floatToHalf(value) == half);
        }
    }
    CHECK(halfToFloat(0x3C00) == 1.0f);
    CHECK(halfToFloat(0xC000) == -2.0f);
    CHECK(halfToFloat(0x7BFF) == 65504.0f);
    CHECK(halfToFloat(0x0001) == 0x1p-24f);
    CHECK(std::signbit(halfToFloat(0x8000)));
}

TEST_CASE("half: rounding is to nearest, ties to even") {
    CHECK(floatToHalf(1.0f + 0x1p-11f) == 0x3C00);            // half way to the next: down to even
    CHECK(floatToHalf(1.0f + 0x1p-11f + 0x1p-20f) == 0x3C01); // just above
    CHECK(floatToHalf(1.0f + 3 * 0x1p-11f) == 0x3C02);        // half way, up to even
    CHECK(floatToHalf(65519.0f) == 0x7BFF);
    CHECK(floatToHalf(65520.0f) == 0x7C00);
    CHECK(floatToHalf(0x1p-25f) == 0x0000);
    CHECK(floatToHalf(0x1.000002p-25f) == 0x0001);
    CHECK(floatToHalf(3 * 0x1p-25f) == 0x0002);
    CHECK(floatToHalf(0x1.ff8p-15f) == 0x03FF);
    CHECK(floatToHalf(0x1.ffcp-15f) == 0x0400); // half way, up into the normal ones
    CHECK(floatToHalf(-1e30f) == 0xFC00);
    CHECK(floatToHalf(-1e-30f) == 0x8000);
}

TEST_CASE("bf16: the upper half of a float, rounded to nearest even") {
    CHECK(bf16ToFloat(0x3F80) == 1.0f);
    CHECK(floatToBf16(1.0f) == 0x3F80);
    CHECK(floatToBf16(1.0f + 0x1p-8f) == 0x3F80);
    CHECK(floatToBf16(1.0f + 3 * 0x1p-8f) == 0x3F82);
    CHECK(floatToBf16(std::numeric_limits<float>::max()) == 0x7F80);
    CHECK(std::isnan(bf16ToFloat(floatToBf16(std::numeric_limits<float>::quiet_NaN()))));
    CHECK(floatToBf16(-0.0f) == 0x8000);
}
