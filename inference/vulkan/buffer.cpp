#include "inference/vulkan/buffer.h"

#include <utility>

#include <fmt/format.h>

#include "inference/vulkan/memory_types.h"
#include "models/base/text.h"

namespace ponder::vulkan {

Result<Buffer> Buffer::create(const Context& context, uint64_t sizeBytes, MemoryUse use,
                              std::string_view name) {
    const auto& vk = context.vk();
    Buffer result; // from here on its destructor frees what there is
    result.m_context = &context;
    result.m_sizeBytes = sizeBytes;

    VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    info.size = (sizeBytes + 15) & ~uint64_t{15}; // whole 16-byte loads at the end
    if (info.size == 0) info.size = 16;           // Vulkan has no empty buffers
    info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                 VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
    // Shared between queue families: costs nothing for buffers, and saves handing over each upload.
    const uint32_t families[] = {context.computeFamily(), context.transferFamily()};
    info.sharingMode = context.hasTransferQueue() ? VK_SHARING_MODE_CONCURRENT : VK_SHARING_MODE_EXCLUSIVE;
    info.queueFamilyIndexCount = context.hasTransferQueue() ? 2 : 0;
    info.pQueueFamilyIndices = families;
    const std::string what = fmt::format("allocating {} of {} memory ({})", formatBytes(sizeBytes),
                                         use == MemoryUse::DeviceLocal ? "device" : "shared", name);
    if (sizeBytes > context.caps().maxAllocationBytes)
        return Error{
            ErrorCode::OutOfDeviceMemory,
            fmt::format("The device gives at most {} at once, which failed {}: choose a smaller context.",
                        formatBytes(context.caps().maxAllocationBytes), what)};
    RETURN_IF_ERROR(context.call(
        what, [&] { return vk.vkCreateBuffer(context.device(), &info, nullptr, &result.m_buffer); }));
    context.nameObject(VK_OBJECT_TYPE_BUFFER, reinterpret_cast<uint64_t>(result.m_buffer), name);

    VkMemoryRequirements needs{};
    vk.vkGetBufferMemoryRequirements(context.device(), result.m_buffer, &needs);
    VkPhysicalDeviceMemoryProperties memory{};
    vkGetPhysicalDeviceMemoryProperties(context.physicalDevice(), &memory);
    const auto type = chooseMemoryType(memory, needs.memoryTypeBits, use, context.caps().unified);
    if (!type)
        return Error{ErrorCode::DeviceTooLimited,
                     fmt::format("{} ({}) has no kind of memory for {}: choose another device.",
                                 context.caps().name, context.caps().id, what)};

    VkMemoryDedicatedAllocateInfo dedicated{VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO};
    dedicated.buffer = result.m_buffer;
    VkMemoryAllocateFlagsInfo flags{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO};
    flags.pNext = &dedicated;
    flags.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
    VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocate.pNext = &flags;
    allocate.allocationSize = needs.size;
    allocate.memoryTypeIndex = *type;
    RETURN_IF_ERROR(context.call(
        what, [&] { return vk.vkAllocateMemory(context.device(), &allocate, nullptr, &result.m_memory); }));
    RETURN_IF_ERROR(context.call(
        what, [&] { return vk.vkBindBufferMemory(context.device(), result.m_buffer, result.m_memory, 0); }));

    if ((use != MemoryUse::DeviceLocal || context.caps().unified) && isMappable(memory, *type)) {
        void* pointer = nullptr;
        RETURN_IF_ERROR(context.call(what, [&] {
            return vk.vkMapMemory(context.device(), result.m_memory, 0, VK_WHOLE_SIZE, 0, &pointer);
        }));
        result.m_mapped = static_cast<std::byte*>(pointer);
    }
    VkBufferDeviceAddressInfo address{VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO};
    address.buffer = result.m_buffer;
    result.m_address = vk.vkGetBufferDeviceAddress(context.device(), &address);
    return result;
}

Buffer::Buffer(Buffer&& other) noexcept { *this = std::move(other); }

Buffer& Buffer::operator=(Buffer&& other) noexcept {
    std::swap(m_context, other.m_context);
    std::swap(m_buffer, other.m_buffer);
    std::swap(m_memory, other.m_memory);
    std::swap(m_sizeBytes, other.m_sizeBytes);
    std::swap(m_address, other.m_address);
    std::swap(m_mapped, other.m_mapped);
    return *this;
}

Buffer::~Buffer() {
    if (!m_context) return;
    const auto& vk = m_context->vk();
    if (m_buffer) vk.vkDestroyBuffer(m_context->device(), m_buffer, nullptr);
    if (m_memory) vk.vkFreeMemory(m_context->device(), m_memory, nullptr); // unmaps
}

} // namespace ponder::vulkan
