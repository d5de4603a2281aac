#include "inference/experts/address_table.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "inference/run_now.h"
#include "models/base/errors.h"

namespace ponder::inference {

namespace {

// The address of `rows` rows from `first` on, which must lie behind one another; 0: they do not.
uint64_t addressOf(const kernels::Weight& weight, uint64_t first, uint64_t rows) {
    for (const kernels::WeightSegment& segment : weight.segments) {
        if (first < segment.firstRow || first >= uint64_t{segment.firstRow} + segment.rows) continue;
        if (first + rows > uint64_t{segment.firstRow} + segment.rows) return 0;
        return segment.address + (first - segment.firstRow) * weight.rowBytes;
    }
    return 0;
}

bool isHere(const kernels::Weight& weight, uint64_t row) {
    return std::any_of(weight.segments.begin(), weight.segments.end(), [&](const auto& segment) {
        return row >= segment.firstRow && row < uint64_t{segment.firstRow} + segment.rows;
    });
}

} // namespace

Result<AddressTable> AddressTable::create(vulkan::Context& context, uint64_t entries) {
    AddressTable table;
    ASSIGN_OR_RETURN(table.m_table,
                     vulkan::Buffer::create(context, std::max<uint64_t>(1, entries) * sizeof(uint64_t),
                                            vulkan::MemoryUse::DeviceLocal, "addresses of experts"));
    return table;
}

Result<kernels::ExpertWeight> AddressTable::add(const kernels::Weight& weight, uint32_t experts,
                                                uint32_t rows, uint32_t stride, uint32_t firstRow, bool all) {
    PONDER_CHECK((m_addresses.size() + experts) * sizeof(uint64_t) <= m_table.sizeBytes());
    const kernels::ExpertWeight made{.type = weight.type,
                                     .experts = experts,
                                     .rows = rows,
                                     .columns = weight.columns,
                                     .rowBytes = weight.rowBytes,
                                     .table = m_table.address() + m_addresses.size() * sizeof(uint64_t)};
    for (uint32_t i = 0; i < experts; ++i) {
        const uint64_t first = uint64_t{firstRow} + uint64_t{i} * stride;
        const uint64_t address = addressOf(weight, first, rows);
        if (address == 0 && (all || isHere(weight, first)))
            return ownMistake(fmt::format("Expert {} of {} was not uploaded whole", i, experts));
        m_addresses.push_back(address);
    }
    return made;
}

void AddressTable::append(std::span<const uint64_t> addresses) {
    PONDER_CHECK((m_addresses.size() + addresses.size()) * sizeof(uint64_t) <= m_table.sizeBytes());
    m_addresses.insert(m_addresses.end(), addresses.begin(), addresses.end());
}

Result<void> AddressTable::upload(vulkan::Context& context) {
    if (m_addresses.empty()) return {};
    const auto bytes = std::as_bytes(std::span(m_addresses));
    ASSIGN_OR_RETURN(const auto staging,
                     vulkan::Buffer::create(context, bytes.size(), vulkan::MemoryUse::Upload,
                                            "addresses of experts, host"));
    std::memcpy(staging.mapped().data(), bytes.data(), bytes.size());
    ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(context, "addresses of experts"));
    RETURN_IF_ERROR(recorder.begin());
    recorder.copy(staging.view(), m_table.view());
    RETURN_IF_ERROR(recorder.end());
    return runNow(context, recorder);
}

uint64_t AddressTable::entry(const kernels::ExpertWeight& weight, uint32_t expert) const {
    PONDER_CHECK(expert < weight.experts);
    return (weight.table - m_table.address()) / sizeof(uint64_t) + expert;
}

uint64_t AddressTable::address(const kernels::ExpertWeight& weight, uint32_t expert) const {
    return m_addresses[entry(weight, expert)];
}

void AddressTable::recordSet(vulkan::CommandRecorder& recorder, const kernels::ExpertWeight& weight,
                             uint32_t expert, uint64_t address) {
    const uint64_t at = entry(weight, expert);
    m_addresses[at] = address;
    // The low word comes first: devices are little-endian.
    const vulkan::BufferView words = m_table.view().part(at * sizeof(uint64_t), sizeof(uint64_t));
    recorder.fill(words.part(0, sizeof(uint32_t)), static_cast<uint32_t>(address));
    recorder.fill(words.part(sizeof(uint32_t), sizeof(uint32_t)), static_cast<uint32_t>(address >> 32));
}

} // namespace ponder::inference
