#pragma once
// Where each expert of each tensor lies, as a table of device addresses that kernels look experts up in: what is placed,
// cached or moved by expert changes entries here and no recording. Heads of a tensor, which kernels take apart the same way,
// stand in it too. Owns the table; must not outlive its Context. Belongs to the engine's thread.

#include <cstdint>
#include <span>
#include <vector>

#include "inference/kernels/weight.h"
#include "inference/vulkan/command_recorder.h"

namespace ponder::inference {

class AddressTable {
public:
    // entries: of all tensors together.
    static Result<AddressTable> create(vulkan::Context& context, uint64_t entries);

    // `experts` matrices of `rows` rows each, `stride` rows apart from `firstRow` on. Of those that are not on the device the
    // address is 0. Errors: Internal when one spans arenas, or is missing and `all` are wanted, which the plan forbids.
    Result<kernels::ExpertWeight> add(const kernels::Weight& weight, uint32_t experts, uint32_t rows,
                                      uint32_t stride, uint32_t firstRow = 0, bool all = true);
    // Further addresses behind those of the tensor added last, one for each of its experts: that of expert e is then found as
    // experts + e too.
    void append(std::span<const uint64_t> addresses);
    // After the last add, before the first pass.
    Result<void> upload(vulkan::Context& context);

    uint64_t address(const kernels::ExpertWeight& weight, uint32_t expert) const; // 0: not on the device
    // For passes after the recording; those under way read the table as it was.
    void recordSet(vulkan::CommandRecorder& recorder, const kernels::ExpertWeight& weight, uint32_t expert,
                   uint64_t address);

private:
    uint64_t entry(const kernels::ExpertWeight& weight, uint32_t expert) const;

    vulkan::Buffer m_table; // uint64 [entries]
    std::vector<uint64_t> m_addresses;
};

} // namespace ponder::inference
