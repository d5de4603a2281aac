#pragma once
// A buffer with its memory, which it owns. Move-only; must not outlive its Context, nor be destroyed while the device may use
// it. Device addresses are always available. Made and destroyed by any thread; what lies in it is for its users to order.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "inference/vulkan/context.h"

namespace ponder::vulkan {

enum class MemoryUse {
    DeviceLocal, // read and written by kernels
    Weights,     // written while loading, read by kernels; mapped where the host sees all the memory
    Upload,      // written by the host, read by the device; mapped, coherent
    Readback,    // written by the device, read by the host; mapped, cached where possible
};

// A part of a buffer, as kernels are given it. Owns nothing.
struct BufferView {
    VkBuffer buffer = VK_NULL_HANDLE;
    uint64_t offset = 0;
    uint64_t sizeBytes = 0;
    uint64_t address = 0; // device address of the part

    BufferView part(uint64_t offsetBytes, uint64_t bytes) const {
        return {buffer, offset + offsetBytes, bytes, address + offsetBytes};
    }
};

class Buffer {
public:
    static Result<Buffer> create(const Context& context, uint64_t sizeBytes, MemoryUse use,
                                 std::string_view name);
    // Memory of the host's, which the device then reads and writes where it lies, coherently; it must outlive the buffer. Start and
    // size are multiples of the caps' hostImportAlignment. Errors: DeviceTooLimited when the driver does not take it.
    static Result<Buffer> import(const Context& context, std::span<std::byte> memory, std::string_view name);
    Buffer() = default;
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    ~Buffer();

    explicit operator bool() const { return m_buffer != VK_NULL_HANDLE; }
    VkBuffer handle() const { return m_buffer; }
    uint64_t sizeBytes() const { return m_sizeBytes; }
    uint64_t address() const { return m_address; }
    // Where the host reads and writes it, for as long as the buffer lives; empty for DeviceLocal on a device with memory of its
    // own, and there for Weights too if they cannot be mapped. Where they are, they are only to be written, in order: the mapping
    // is write-combined and each read of it goes over the link. It stays, as it costs address space and page tables alone, at
    // most 2 MiB a GiB.
    std::span<std::byte> mapped() const { return {m_mapped, m_mapped ? m_sizeBytes : 0}; }
    BufferView view() const { return {m_buffer, 0, m_sizeBytes, m_address}; }

private:
    Result<void> createHandle(const Context& context, uint64_t sizeBytes, const void* next,
                              std::string_view what, std::string_view name);
    Result<void> allocate(const VkMemoryRequirements& needs, uint32_t type, std::string_view what);
    Result<void> map(std::string_view what);
    void findAddress();

    const Context* m_context = nullptr;
    VkBuffer m_buffer = VK_NULL_HANDLE;
    VkDeviceMemory m_memory = VK_NULL_HANDLE;
    uint64_t m_sizeBytes = 0, m_address = 0;
    std::byte* m_mapped = nullptr;
};

} // namespace ponder::vulkan
