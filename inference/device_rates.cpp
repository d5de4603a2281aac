#include "inference/device_rates.h"

namespace ponder::inference {

namespace {

constexpr double kSomeCard = 300; // of a card that the table does not have: the slowest of the last years

// Memory bandwidth as the makers publish it, 1e9 bytes/s, by a part of the device's name; the first that fits counts.
// Data sheets: NVIDIA H100, H200, A100, L40S, RTX 3090 to 5090; AMD RX 7900 XTX, RX 9070 XT, MI300X.
struct Bandwidth {
    std::string_view part;
    double gigabytesPerSecond;
};
constexpr Bandwidth kBandwidths[] = {
    {"H100 80GB HBM3", 3350}, {"H100 PCIe", 2039}, {"H100 NVL", 3938}, {"H200", 4800},   {"B200", 8000},
    {"A100-SXM4-80GB", 2039}, {"A100 80GB", 1935}, {"A100", 1555},     {"L40S", 864},    {"RTX 5090", 1792},
    {"RTX 4090", 1008},       {"RTX 3090", 936},   {"7900 XTX", 960},  {"9070 XT", 640}, {"MI300X", 5300},
};

} // namespace

std::optional<double> publishedBandwidth(std::string_view name) {
    for (const Bandwidth& row : kBandwidths)
        if (name.find(row.part) != std::string_view::npos) return row.gigabytesPerSecond;
    return std::nullopt;
}

double expectedBandwidth(const vulkan::DeviceCaps& caps) {
    if (const auto published = publishedBandwidth(caps.name)) return *published;
    return caps.discrete ? kSomeCard : kHostGigabytesPerSecond;
}

} // namespace ponder::inference
