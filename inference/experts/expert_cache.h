#pragma once
// Which experts of a mixture lie on the device, of those that the host holds as well: a policy without any memory of its own,
// that is told what was chosen and says what should go for what. An expert's use counts less and less as tokens go by; one that
// is not there takes the place of one that is as soon as chance alone would hardly make its use so much greater. So routing that
// prefers nobody moves nothing, and a topic's experts come with the topic. tests/bench/NOTES.md has what that was chosen by.
// A function of what it was told alone: the same passes make the same exchanges. One thread calls.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ponder::inference {

struct CachePolicy {
    double horizonTokens = 128; // after so many a use counts 1/e
    double margin = 3; // standard deviations that the uses of the one that comes exceed the other's by
};

class ExpertCache {
public:
    // Experts [0, fixed) are always on the device; those behind them compete for `slots` places, whose first tenants are the
    // first of them. Slot i is the place of expert fixed + i at the beginning.
    struct Layer {
        uint32_t experts = 0, fixed = 0, slots = 0;
    };
    struct Exchange {
        uint32_t layer = 0, slot = 0;
        uint32_t in = 0, out = 0; // experts
    };

    explicit ExpertCache(std::vector<Layer> layers, const CachePolicy& policy = {});

    // Computed by the device.
    bool onDevice(uint32_t layer, uint32_t expert) const {
        return m_layers[layer].slotOf[expert] != kNowhere;
    }
    uint32_t onDevice(uint32_t layer) const; // experts, with one that is on its way
    bool exchanges() const;                  // anything at all

    // What the tokens of a pass chose in a layer, one after the other, so many each; numbers that are no expert's are passed over.
    void count(uint32_t layer, std::span<const uint32_t> chosen, uint32_t perToken);
    // The exchange that promises most. From then on `out` is not on the device, and the slot is nobody's until arrive().
    std::optional<Exchange> choose();
    void arrive(const Exchange& exchange); // `in` is there

private:
    static constexpr uint32_t kNowhere = UINT32_MAX, kAlways = UINT32_MAX - 1;
    struct State {
        Layer shape;
        std::vector<uint32_t> slotOf; // by expert
        std::vector<bool> coming;     // by expert
        std::vector<double> uses;     // by expert, in units that grow
        double unit = 1;              // what a use counts now
    };
    struct Candidate {
        Exchange exchange;
        double gain = 0; // uses within the horizon
    };
    std::optional<Candidate> best(uint32_t layer) const;

    std::vector<State> m_layers;
    CachePolicy m_policy;
};

} // namespace ponder::inference
