#include "inference/vulkan/buffer.h"

#include <utility>

#include <fmt/format.h>

#include "inference/vulkan/memory_types.h"
#include "models/base/text.h"

namespace ponder::vulkan {

Result<void> Buffer::createHandle(const Context& context, uint64_t sizeBytes, const void* next,
                                  std::string_view what, std::string_view name) {
    m_context = &context;
    m_sizeBytes = sizeBytes;
    VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    info.pNext = next;
    info.size = (sizeBytes + 15) & ~uint64_t{15}; // whole 16-byte loads at the end
    if (info.size == 0) info.size = 16;           // Vulkan has no empty buffers
    info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                 VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
    // Shared between queue families: costs nothing for buffers, and saves handing over each upload.
    const uint32_t families[] = {context.computeFamily(), context.transferFamily()};
    info.sharingMode = context.hasTransferQueue() ? VK_SHARING_MODE_CONCURRENT : VK_SHARING_MODE_EXCLUSIVE;
    info.queueFamilyIndexCount = context.hasTransferQueue() ? 2 : 0;
    info.pQueueFamilyIndices = families;
    RETURN_IF_ERROR(context.call(
        what, [&] { return context.vk().vkCreateBuffer(context.device(), &info, nullptr, &m_buffer); }));
    context.nameObject(VK_OBJECT_TYPE_BUFFER, reinterpret_cast<uint64_t>(m_buffer), name);
    return {};
}

Result<void> Buffer::allocate(const VkMemoryRequirements& needs, uint32_t type, std::string_view what) {
    const auto& vk = m_context->vk();
    VkMemoryDedicatedAllocateInfo dedicated{VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO};
    dedicated.buffer = m_buffer;
    VkMemoryAllocateFlagsInfo flags{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO};
    flags.pNext = &dedicated;
    flags.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
    VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocate.pNext = &flags;
    allocate.allocationSize = needs.size;
    allocate.memoryTypeIndex = type;
    return m_context->call(
        what, [&] { return vk.vkAllocateMemory(m_context->device(), &allocate, nullptr, &m_memory); });
}

Result<void> Buffer::map(std::string_view what) {
    void* pointer = nullptr;
    RETURN_IF_ERROR(m_context->call(what, [&] {
        return m_context->vk().vkMapMemory(m_context->device(), m_memory, 0, VK_WHOLE_SIZE, 0, &pointer);
    }));
    m_mapped = static_cast<std::byte*>(pointer);
    return {};
}

void Buffer::findAddress() {
    VkBufferDeviceAddressInfo address{VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO};
    address.buffer = m_buffer;
    m_address = m_context->vk().vkGetBufferDeviceAddress(m_context->device(), &address);
}

Result<Buffer> Buffer::create(const Context& context, uint64_t sizeBytes, MemoryUse use,
                              std::string_view name) {
    const auto& vk = context.vk();
    const bool unified = context.caps().unified;
    const bool ofDevice = use == MemoryUse::DeviceLocal || use == MemoryUse::Weights;
    Buffer result; // from here on its destructor frees what there is
    const std::string what = fmt::format("allocating {} of {} memory ({})", formatBytes(sizeBytes),
                                         ofDevice ? "device" : "shared", name);
    if (sizeBytes > context.caps().maxAllocationBytes)
        return Error{
            ErrorCode::OutOfDeviceMemory,
            fmt::format("The device gives at most {} at once, which failed {}: choose a smaller context.",
                        formatBytes(context.caps().maxAllocationBytes), what)};
    RETURN_IF_ERROR(result.createHandle(context, sizeBytes, nullptr, what, name));

    VkMemoryRequirements needs{};
    vk.vkGetBufferMemoryRequirements(context.device(), result.m_buffer, &needs);
    VkPhysicalDeviceMemoryProperties memory{};
    vkGetPhysicalDeviceMemoryProperties(context.physicalDevice(), &memory);
    auto type = chooseMemoryType(memory, needs.memoryTypeBits, use, unified);
    if (!type)
        return Error{ErrorCode::DeviceTooLimited,
                     fmt::format("{} ({}) has no kind of memory for {}: choose another device.",
                                 context.caps().name, context.caps().id, what)};
    Result<void> allocated = result.allocate(needs, *type, what);
    if (!allocated && use == MemoryUse::Weights && !context.lost()) {
        // What the host sees of a card is shared by all programs too; without it a model only loads slower.
        const auto plain = chooseMemoryType(memory, needs.memoryTypeBits, MemoryUse::DeviceLocal, unified);
        if (plain && plain != type) {
            type = plain;
            allocated = result.allocate(needs, *type, what);
        }
    }
    RETURN_IF_ERROR(allocated);
    RETURN_IF_ERROR(context.call(
        what, [&] { return vk.vkBindBufferMemory(context.device(), result.m_buffer, result.m_memory, 0); }));

    if ((use != MemoryUse::DeviceLocal || unified) && isMappable(memory, *type)) {
        const Result<void> mapped = result.map(what);
        // A card's weights can come over a ring as well.
        if (!mapped && (use != MemoryUse::Weights || unified || context.lost())) return mapped.error();
    }
    result.findAddress();
    return result;
}

Result<Buffer> Buffer::import(const Context& context, std::span<std::byte> memory, std::string_view name) {
    constexpr auto kKind = VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT;
    const auto& vk = context.vk();
    const uint64_t alignment = context.caps().hostImportAlignment;
    const auto refused = [&] {
        return Error{
            ErrorCode::DeviceTooLimited,
            fmt::format("{} does not read {} of host memory where it lies ({}): update its driver or "
                        "choose another device.",
                        context.caps().name, formatBytes(memory.size()), name)};
    };
    if (alignment == 0 || memory.size() > context.caps().maxAllocationBytes) return refused();
    PONDER_CHECK(reinterpret_cast<uintptr_t>(memory.data()) % alignment == 0 &&
                 memory.size() % alignment == 0);
    VkMemoryHostPointerPropertiesEXT pointer{VK_STRUCTURE_TYPE_MEMORY_HOST_POINTER_PROPERTIES_EXT};
    if (context.tryCall([&] {
            return vk.vkGetMemoryHostPointerPropertiesEXT(context.device(), kKind, memory.data(), &pointer);
        }) != VK_SUCCESS)
        return refused();

    Buffer result;
    VkExternalMemoryBufferCreateInfo external{VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO};
    external.handleTypes = kKind;
    RETURN_IF_ERROR(result.createHandle(context, memory.size(), &external, "describing host memory", name));
    VkMemoryRequirements needs{};
    vk.vkGetBufferMemoryRequirements(context.device(), result.m_buffer, &needs);
    VkPhysicalDeviceMemoryProperties memoryTypes{};
    vkGetPhysicalDeviceMemoryProperties(context.physicalDevice(), &memoryTypes);
    const auto type = chooseMemoryType(memoryTypes, needs.memoryTypeBits & pointer.memoryTypeBits,
                                       MemoryUse::Readback, context.caps().unified);
    if (!type || needs.size > memory.size()) return refused();
    VkImportMemoryHostPointerInfoEXT import{VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT};
    import.handleType = kKind;
    import.pHostPointer = memory.data();
    VkMemoryAllocateFlagsInfo flags{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO};
    flags.pNext = &import;
    flags.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
    VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    allocate.pNext = &flags;
    allocate.allocationSize = memory.size();
    allocate.memoryTypeIndex = *type;
    if (context.tryCall([&] {
            return vk.vkAllocateMemory(context.device(), &allocate, nullptr, &result.m_memory);
        }) != VK_SUCCESS)
        return refused();
    RETURN_IF_ERROR(context.call("binding host memory", [&] {
        return vk.vkBindBufferMemory(context.device(), result.m_buffer, result.m_memory, 0);
    }));
    result.findAddress();
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
