// Weights in host memory: what is refused, what is stopped, which experts are held and which are read when needed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "inference/cpu/host_weights.h"

using namespace ponder;
using namespace ponder::cpu;
using inference::Place;
using inference::Placement;

namespace {

models::GgufFile synthetic(const char* options) {
    return models::GgufFile::open(std::string("synthetic:") + options).value();
}

std::vector<Placement> everything(const models::GgufFile& file, uint32_t experts) {
    std::vector<Placement> parts;
    for (uint32_t i = 0; i < file.tensors().size(); ++i)
        parts.push_back({i, 0, file.tensors()[i].name.find("_exps.") != std::string::npos ? experts : 1,
                         Place::HostCpu, 0});
    return parts;
}

uint32_t indexOf(const models::GgufFile& file, std::string_view name) {
    const auto found = std::find_if(file.tensors().begin(), file.tensors().end(),
                                    [&](const models::TensorInfo& tensor) { return tensor.name == name; });
    REQUIRE(found != file.tensors().end());
    return static_cast<uint32_t>(found - file.tensors().begin());
}

} // namespace

TEST_CASE("host weights: more than the computer has is refused with the numbers, before anything is read") {
    ThreadPool pool(1);
    const auto file = synthetic("r1-671b?quant=f32"); // 2.7 TB
    bool any = false;
    const auto loaded = HostWeights::load(file, everything(file, 256), pool,
                                          [&](const inference::LoadProgress&) { any = true; }, {});
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.error().code == ErrorCode::OutOfHostMemory);
    CHECK(loaded.error().message.find("2.68 TB") != std::string::npos);
    CHECK(loaded.error().message.find("are free") != std::string::npos);
    CHECK_FALSE(any);
}

TEST_CASE("host weights: stopped between tensors and within one") {
    ThreadPool pool(2);
    const auto file = synthetic("v2-lite?layers=2&quant=q8_0");
    std::stop_source stop;
    const auto loaded = HostWeights::load(
        file, everything(file, 64), pool, [&](const inference::LoadProgress&) { stop.request_stop(); },
        stop.get_token());
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.error().code == ErrorCode::Cancelled);
}

TEST_CASE("host weights: some experts are held, those behind them are read one by one") {
    ThreadPool pool(2);
    const auto file = synthetic("v2-lite?layers=2&quant=q4_k");
    const std::string name = "blk.1.ffn_up_exps.weight";
    const uint32_t tensor = indexOf(file, name);
    const std::vector<Placement> parts{{tensor, 60, 2, Place::HostCpu, 0}, {tensor, 62, 2, Place::Disk, 0}};
    const auto loaded = HostWeights::load(file, parts, pool, {}, {});
    REQUIRE(loaded.ok());
    const HostWeights& weights = **loaded;
    const HeldExperts held = weights.experts(name);
    const models::TensorInfo& info = file.tensors()[tensor];
    const uint64_t bytes = info.sizeBytes / 64;
    CHECK(weights.sizeBytes() == 2 * bytes);
    CHECK_FALSE(held.has(59));
    for (uint32_t expert = 60; expert < 64; ++expert) {
        CHECK(held.has(expert));
        CHECK(held.onDisk(expert) == (expert >= 62));
        std::vector<std::byte> wanted(bytes), got(bytes);
        REQUIRE(file.read(info.shard, info.offset + expert * bytes, wanted).ok());
        if (held.onDisk(expert))
            REQUIRE(weights.readExpert(held, expert, got).ok());
        else
            std::memcpy(got.data(), held[expert].data, bytes);
        CHECK(wanted == got);
    }
    CHECK(weights.find(name).data == nullptr);
    CHECK_FALSE(weights.experts("blk.1.ffn_down_exps.weight").has(60));
}
