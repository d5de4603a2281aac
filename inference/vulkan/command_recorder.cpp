#include "inference/vulkan/command_recorder.h"

#include <algorithm>
#include <optional>
#include <string>

#include "models/base/errors.h"
#include "models/base/log.h"

namespace ponder::vulkan {

namespace {

constexpr uint32_t kPoolSets = 256;         // of one descriptor pool
constexpr uint32_t kPoolDescriptors = 2048; // a set of ours has 2 to 7 bindings
constexpr uint32_t kMaxTimestamps = 4096;

constexpr VkPipelineStageFlags kStages = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags kWrites = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
constexpr VkAccessFlags kAll = kWrites | VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;

struct DescriptorPool {
    VkDescriptorPool pool = VK_NULL_HANDLE;
    uint32_t sets = 0, descriptors = 0; // left
};

} // namespace

struct CommandRecorder::Data {
    explicit Data(const Context& c) : context(c) {}
    const Context& context;
    std::string name;
    VkCommandPool pool = VK_NULL_HANDLE;
    VkCommandBuffer commands = VK_NULL_HANDLE;
    VkQueryPool queries = VK_NULL_HANDLE;
    std::vector<DescriptorPool> descriptorPools;
    size_t currentPool = 0;
    std::vector<std::string_view> marks;
    std::optional<Error> failure; // the first, until end()
    VkPipeline boundPipeline = VK_NULL_HANDLE;
    bool recording = false, labelled = false;
    bool trial = false; // with a kernel that cannot run yet, so never to be submitted

    ~Data() {
        const auto& vk = context.vk();
        for (const auto& one : descriptorPools)
            vk.vkDestroyDescriptorPool(context.device(), one.pool, nullptr);
        if (queries) vk.vkDestroyQueryPool(context.device(), queries, nullptr);
        if (pool) vk.vkDestroyCommandPool(context.device(), pool, nullptr);
    }

    bool usable() const { return recording && !failure; }
    void fail(Error error) {
        if (!failure) failure = std::move(error);
    }
    void writeTimestamp(uint32_t index) {
        if (queries && index < kMaxTimestamps)
            context.vk().vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, queries, index);
    }
    void endLabel() {
        if (labelled) vkCmdEndDebugUtilsLabelEXT(commands);
        labelled = false;
    }
    void barrier(VkPipelineStageFlags toStages, VkAccessFlags toAccess) {
        VkMemoryBarrier memory{VK_STRUCTURE_TYPE_MEMORY_BARRIER};
        memory.srcAccessMask = kWrites;
        memory.dstAccessMask = toAccess;
        context.vk().vkCmdPipelineBarrier(commands, kStages, toStages, 0, 1, &memory, 0, nullptr, 0, nullptr);
    }
    Result<VkDescriptorSet> allocateSet(const Kernel& kernel);
};

Result<VkDescriptorSet> CommandRecorder::Data::allocateSet(const Kernel& kernel) {
    const auto& vk = context.vk();
    const auto fits = [&](const DescriptorPool& one) {
        return one.sets > 0 && one.descriptors >= kernel.bindings;
    };
    while (currentPool < descriptorPools.size() && !fits(descriptorPools[currentPool])) ++currentPool;
    if (currentPool == descriptorPools.size()) {
        const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, kPoolDescriptors};
        VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
        info.maxSets = kPoolSets;
        info.poolSizeCount = 1;
        info.pPoolSizes = &size;
        DescriptorPool made{VK_NULL_HANDLE, kPoolSets, kPoolDescriptors};
        RETURN_IF_ERROR(context.call("creating a descriptor pool", [&] {
            return vk.vkCreateDescriptorPool(context.device(), &info, nullptr, &made.pool);
        }));
        descriptorPools.push_back(made);
    }
    DescriptorPool& from = descriptorPools[currentPool];
    VkDescriptorSetAllocateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO};
    info.descriptorPool = from.pool;
    info.descriptorSetCount = 1;
    info.pSetLayouts = &kernel.setLayout;
    VkDescriptorSet set = VK_NULL_HANDLE;
    RETURN_IF_ERROR(context.call("allocating a descriptor set",
                                 [&] { return vk.vkAllocateDescriptorSets(context.device(), &info, &set); }));
    from.sets -= 1;
    from.descriptors -= kernel.bindings;
    return set;
}

CommandRecorder::CommandRecorder(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
CommandRecorder::CommandRecorder(CommandRecorder&&) noexcept = default;
CommandRecorder& CommandRecorder::operator=(CommandRecorder&&) noexcept = default;
CommandRecorder::~CommandRecorder() = default;

Result<CommandRecorder> CommandRecorder::create(const Context& context, std::string_view name,
                                                bool timestamps) {
    const auto& vk = context.vk();
    auto data = std::make_unique<Data>(context);
    data->name = name;
    VkCommandPoolCreateInfo poolInfo{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    poolInfo.queueFamilyIndex = context.computeFamily();
    RETURN_IF_ERROR(context.call("creating a command pool", [&] {
        return vk.vkCreateCommandPool(context.device(), &poolInfo, nullptr, &data->pool);
    }));
    VkCommandBufferAllocateInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    info.commandPool = data->pool;
    info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    info.commandBufferCount = 1;
    RETURN_IF_ERROR(context.call("allocating a command buffer", [&] {
        return vk.vkAllocateCommandBuffers(context.device(), &info, &data->commands);
    }));
    context.nameObject(VK_OBJECT_TYPE_COMMAND_BUFFER, reinterpret_cast<uint64_t>(data->commands), name);
    if (timestamps && context.caps().timestampPeriodNs > 0) {
        VkQueryPoolCreateInfo queries{VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO};
        queries.queryType = VK_QUERY_TYPE_TIMESTAMP;
        queries.queryCount = kMaxTimestamps;
        RETURN_IF_ERROR(context.call("creating a query pool", [&] {
            return vk.vkCreateQueryPool(context.device(), &queries, nullptr, &data->queries);
        }));
    }
    return CommandRecorder(std::move(data));
}

VkCommandBuffer CommandRecorder::handle() const {
    PONDER_CHECK(!m_data->trial);
    return m_data->commands;
}

Result<void> CommandRecorder::begin() {
    Data& d = *m_data;
    const auto& vk = d.context.vk();
    d.recording = d.labelled = d.trial = false;
    d.failure.reset();
    d.marks.clear();
    d.boundPipeline = VK_NULL_HANDLE;
    RETURN_IF_ERROR(d.context.call("resetting a recording",
                                   [&] { return vk.vkResetCommandPool(d.context.device(), d.pool, 0); }));
    for (auto& one : d.descriptorPools) {
        RETURN_IF_ERROR(d.context.call("resetting a recording", [&] {
            return vk.vkResetDescriptorPool(d.context.device(), one.pool, 0);
        }));
        one.sets = kPoolSets;
        one.descriptors = kPoolDescriptors;
    }
    d.currentPool = 0;
    const VkCommandBufferBeginInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    RETURN_IF_ERROR(
        d.context.call("starting a recording", [&] { return vk.vkBeginCommandBuffer(d.commands, &info); }));
    d.recording = true;
    if (d.queries) vk.vkCmdResetQueryPool(d.commands, d.queries, 0, kMaxTimestamps);
    // What the submission before this one wrote, on the same queue: a semaphore orders host and device, not two of these.
    d.barrier(kStages, kAll);
    return {};
}

Result<void> CommandRecorder::end() {
    Data& d = *m_data;
    if (d.recording) {
        d.endLabel();
        d.writeTimestamp(static_cast<uint32_t>(d.marks.size()));
        d.recording = false;
        auto ended = d.context.call("finishing a recording",
                                    [&] { return d.context.vk().vkEndCommandBuffer(d.commands); });
        if (!ended.ok()) d.fail(std::move(ended).error());
    }
    if (d.failure) return *d.failure;
    return {};
}

void CommandRecorder::dispatchRaw(const Kernel& kernel, const void* push, size_t pushBytes,
                                  std::span<const BufferView> bindings, std::array<uint32_t, 3> groups) {
    Data& d = *m_data;
    if (!d.usable()) return;
    const auto& vk = d.context.vk();
    const DeviceCaps& caps = d.context.caps();
    // C++ may pad the end of the struct; the compiler may drop a last binding that a variant does not read.
    PONDER_CHECK(pushBytes >= kernel.pushBytes &&
                 (kernel.pushBytes == 0 || pushBytes - kernel.pushBytes < 16));
    PONDER_CHECK(bindings.size() >= kernel.bindings);
    if (groups[0] == 0 || groups[1] == 0 || groups[2] == 0) return;
    if (kernel.pipeline == VK_NULL_HANDLE) { // KernelRegistry::compileTogether
        d.trial = true;
        return;
    }
    if (groups[0] > caps.maxWorkgroupsX || groups[1] > caps.maxWorkgroupsY || groups[2] > caps.maxWorkgroupsZ)
        return d.fail(
            {ErrorCode::DeviceTooLimited,
             fmt::format(
                 "{} needs {} x {} x {} workgroups and {} takes at most {} x {} x {}: choose a smaller "
                 "context.",
                 kernel.name, groups[0], groups[1], groups[2], caps.name, caps.maxWorkgroupsX,
                 caps.maxWorkgroupsY, caps.maxWorkgroupsZ)});

    if (kernel.bindings > 0) {
        auto set = d.allocateSet(kernel);
        if (!set.ok()) return d.fail(std::move(set).error());
        std::array<VkDescriptorBufferInfo, 16> infos{};
        std::array<VkWriteDescriptorSet, 16> writes{};
        PONDER_CHECK(kernel.bindings <= infos.size());
        for (uint32_t i = 0; i < kernel.bindings; ++i) {
            const BufferView& view = bindings[i];
            PONDER_CHECK(view.buffer != VK_NULL_HANDLE && view.offset % caps.storageAlignment == 0);
            if (view.sizeBytes > caps.maxStorageRange)
                return d.fail(
                    {ErrorCode::DeviceTooLimited,
                     fmt::format(
                         "{} needs a buffer of {} bytes and {} binds at most {}: choose a smaller context.",
                         kernel.name, view.sizeBytes, caps.name, caps.maxStorageRange)});
            infos[i] = {view.buffer, view.offset, view.sizeBytes ? view.sizeBytes : VK_WHOLE_SIZE};
            writes[i] = {VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
            writes[i].dstSet = *set;
            writes[i].dstBinding = i;
            writes[i].descriptorCount = 1;
            writes[i].descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
            writes[i].pBufferInfo = &infos[i];
        }
        vk.vkUpdateDescriptorSets(d.context.device(), kernel.bindings, writes.data(), 0, nullptr);
        vk.vkCmdBindDescriptorSets(d.commands, VK_PIPELINE_BIND_POINT_COMPUTE, kernel.layout, 0, 1, &*set, 0,
                                   nullptr);
    }
    if (d.boundPipeline != kernel.pipeline)
        vk.vkCmdBindPipeline(d.commands, VK_PIPELINE_BIND_POINT_COMPUTE, kernel.pipeline);
    d.boundPipeline = kernel.pipeline;
    if (kernel.pushBytes > 0)
        vk.vkCmdPushConstants(d.commands, kernel.layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                              (kernel.pushBytes + 3) & ~3u, push);
    vk.vkCmdDispatch(d.commands, groups[0], groups[1], groups[2]);
}

void CommandRecorder::copy(const BufferView& from, const BufferView& to) {
    Data& d = *m_data;
    const VkBufferCopy region{from.offset, to.offset, std::min(from.sizeBytes, to.sizeBytes)};
    if (!d.usable() || region.size == 0) return;
    d.context.vk().vkCmdCopyBuffer(d.commands, from.buffer, to.buffer, 1, &region);
}

void CommandRecorder::fill(const BufferView& view, uint32_t word) {
    Data& d = *m_data;
    PONDER_CHECK(view.offset % 4 == 0 && view.sizeBytes % 4 == 0);
    if (!d.usable() || view.sizeBytes == 0) return;
    d.context.vk().vkCmdFillBuffer(d.commands, view.buffer, view.offset, view.sizeBytes, word);
}

void CommandRecorder::barrier(std::string_view hazard) {
    Data& d = *m_data;
    if (!d.usable()) return;
    if (d.context.debugNames() && d.queries) { // where somebody profiles, else recording stays cheap
        const std::string text(hazard);
        VkDebugUtilsLabelEXT label{VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT};
        label.pLabelName = text.c_str();
        vkCmdInsertDebugUtilsLabelEXT(d.commands, &label);
    }
    d.barrier(kStages, kAll);
}

void CommandRecorder::hostBarrier() {
    Data& d = *m_data;
    if (d.usable()) d.barrier(VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
}

void CommandRecorder::mark(std::string_view stage) {
    Data& d = *m_data;
    if (!d.usable()) return;
    d.endLabel();
    if (d.context.debugNames()) {
        const std::string text(stage);
        VkDebugUtilsLabelEXT label{VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT};
        label.pLabelName = text.c_str();
        vkCmdBeginDebugUtilsLabelEXT(d.commands, &label);
        d.labelled = true;
    }
    if (!d.queries || d.marks.size() + 1 >= kMaxTimestamps) return;
    d.writeTimestamp(static_cast<uint32_t>(d.marks.size()));
    d.marks.push_back(stage);
}

Result<std::vector<Timestamp>> CommandRecorder::timestamps() const {
    const Data& d = *m_data;
    std::vector<Timestamp> result;
    if (!d.queries || d.marks.empty()) return result;
    const uint32_t count = static_cast<uint32_t>(d.marks.size()) + 1;
    std::vector<uint64_t> ticks(count);
    VkResult read = VK_NOT_READY;
    RETURN_IF_ERROR(d.context.call("reading timestamps", [&] {
        return read = d.context.vk().vkGetQueryPoolResults(d.context.device(), d.queries, 0, count,
                                                           ticks.size() * sizeof(uint64_t), ticks.data(),
                                                           sizeof(uint64_t), VK_QUERY_RESULT_64_BIT);
    }));
    if (read != VK_SUCCESS)
        return ownMistake(fmt::format("{} timestamps were asked of a recording that has not run", count));
    for (uint32_t i = 0; i + 1 < count; ++i)
        result.push_back({d.marks[i], static_cast<double>(ticks[i + 1] - ticks[i]) *
                                          d.context.caps().timestampPeriodNs / 1e3});
    return result;
}

} // namespace ponder::vulkan
