#include "inference/vulkan/kernel.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <system_error>
#include <thread>
#include <tuple>

#include "inference/tuning.h"
#include "inference/vulkan/pipeline_cache.h"
#include "inference/vulkan/spirv_reflect.h"
#include "models/base/log.h"
#include "shaders/embedded.h"

namespace ponder::vulkan {

namespace {

using Key = std::tuple<std::string, SpecConstants, uint32_t>;

std::string describe(std::string_view shader, const SpecConstants& constants, uint32_t subgroupSize) {
    std::string text(shader);
    for (const auto& [id, value] : constants) text += fmt::format(" {}={}", id, value);
    if (subgroupSize) text += fmt::format(" subgroup={}", subgroupSize);
    return text;
}

// The size to require of the driver, 0 to leave it alone: a request that the device cannot meet is dropped, because every
// kernel works at any size.
uint32_t requiredSize(const DeviceCaps& caps, uint32_t asked) {
    const uint32_t size = asked ? asked : inference::tuning().subgroupSize;
    const bool possible = caps.subgroupSizeControl && size >= caps.minSubgroupSize &&
                          size <= caps.maxSubgroupSize && (size & (size - 1)) == 0;
    return possible ? size : 0;
}

} // namespace

struct KernelRegistry::Data {
    Data(const Context& c, PipelineCache&& p) : context(c), cache(std::move(p)) {}
    const Context& context;
    PipelineCache cache;
    std::deque<Kernel> kernels; // a deque, so that pointers stay valid; a nameless one came to nothing
    std::map<Key, Kernel*> byKey;
    bool together = false;   // get() leaves compiling to compileTogether()
    std::vector<Key> wanted; // meanwhile

    ~Data() {
        for (Kernel& kernel : kernels) discard(kernel);
    }
    void discard(Kernel& kernel) const {
        const auto& vk = context.vk();
        vk.vkDestroyPipeline(context.device(), kernel.pipeline, nullptr);
        vk.vkDestroyPipelineLayout(context.device(), kernel.layout, nullptr);
        vk.vkDestroyDescriptorSetLayout(context.device(), kernel.setLayout, nullptr);
        kernel = {};
    }
    void drop(const Key& key) {
        const auto at = byKey.find(key);
        if (at == byKey.end()) return;
        discard(*at->second);
        byKey.erase(at);
    }
    Result<void> prepare(Kernel& kernel, std::string_view shader) const; // all of it but its pipeline
    // Any thread.
    Result<VkPipeline> compile(const Kernel& kernel, const Key& key) const;
    void finish(Kernel& kernel, VkPipeline pipeline) const {
        kernel.pipeline = pipeline;
        context.nameObject(VK_OBJECT_TYPE_PIPELINE, reinterpret_cast<uint64_t>(pipeline), kernel.name);
    }
};

KernelRegistry::KernelRegistry(std::unique_ptr<Data> data) : m_data(std::move(data)) {}

Result<std::unique_ptr<KernelRegistry>> KernelRegistry::create(const Context& context,
                                                               std::string cacheFolder) {
    ASSIGN_OR_RETURN(PipelineCache cache, PipelineCache::open(context, cacheFolder));
    return std::unique_ptr<KernelRegistry>(
        new KernelRegistry(std::make_unique<Data>(context, std::move(cache))));
}

KernelRegistry::~KernelRegistry() {
    if (const auto saved = saveCache(); !saved.ok() && !m_data->context.lost())
        log(LogLevel::Warning, LogCategory::Vulkan, "{}", saved.error().message);
}

Result<void> KernelRegistry::saveCache() { return m_data->cache.save(); }

std::vector<std::string> KernelRegistry::created() const {
    std::vector<std::string> names;
    for (const Kernel& kernel : m_data->kernels)
        if (!kernel.name.empty()) names.push_back(kernel.name);
    return names;
}

Result<const Kernel*> KernelRegistry::get(std::string_view shader, const SpecConstants& constants,
                                          uint32_t subgroupSize) {
    Data& d = *m_data;
    subgroupSize = requiredSize(d.context.caps(), subgroupSize);
    Key key(shader, constants, subgroupSize);
    if (const auto at = d.byKey.find(key); at != d.byKey.end()) return at->second;

    if (shaders::find(shader).empty())
        return Error{ErrorCode::Internal,
                     fmt::format("This build has no kernel '{}': build with the Vulkan SDK 1.4.", shader)};
    Kernel& kernel = d.kernels.emplace_back();
    kernel.name = describe(shader, constants, subgroupSize);
    auto made = d.prepare(kernel, shader);
    if (made && !d.together) {
        auto pipeline = d.compile(kernel, key);
        if (pipeline.ok())
            d.finish(kernel, *pipeline);
        else
            made = std::move(pipeline).error();
    }
    if (!made.ok()) {
        d.discard(kernel);
        return std::move(made).error();
    }
    if (d.together) d.wanted.push_back(key);
    d.byKey.emplace(std::move(key), &kernel);
    return &kernel;
}

Result<void> KernelRegistry::compileTogether(const std::function<Result<void>()>& ask) {
    Data& d = *m_data;
    PONDER_CHECK(!d.together);
    d.together = true;
    Result<void> outcome;
    try {
        outcome = ask();
    } catch (...) { // out of memory: nothing stays that could not run
        d.together = false;
        for (const Key& key : std::exchange(d.wanted, {})) d.drop(key);
        throw;
    }
    d.together = false;

    const std::vector<Key> wanted = std::exchange(d.wanted, {});
    std::vector<Result<VkPipeline>> pipelines(wanted.size(), VkPipeline{});
    std::atomic<size_t> next{0};
    const auto compile = [&] {
        for (size_t i = next++; outcome.ok() && i < wanted.size(); i = next++)
            pipelines[i] = d.compile(*d.byKey.at(wanted[i]), wanted[i]);
    };
    const size_t threads = std::min<size_t>(wanted.size(), std::max(1u, std::thread::hardware_concurrency()));
    std::vector<std::thread> others;
    others.reserve(threads);
    try {
        for (size_t i = 1; i < threads; ++i) others.emplace_back(compile);
    } catch (const std::system_error&) { // no more threads: those there are do it
    }
    compile();
    for (std::thread& thread : others) thread.join();

    const bool asked = outcome.ok();
    for (size_t i = 0; i < wanted.size(); ++i) {
        Kernel& kernel = *d.byKey.at(wanted[i]);
        if (asked && pipelines[i].ok()) {
            d.finish(kernel, *pipelines[i]);
            continue;
        }
        if (outcome.ok()) outcome = std::move(pipelines[i]).error();
        d.drop(wanted[i]);
    }
    return outcome;
}

Result<void> KernelRegistry::Data::prepare(Kernel& kernel, std::string_view shader) const {
    const auto& vk = context.vk();
    const std::string what = fmt::format("preparing the kernel {}", kernel.name);
    ASSIGN_OR_RETURN(const ShaderInterface interface, reflectShader(shaders::find(shader)));
    kernel.bindings = interface.bindings;
    kernel.pushBytes = interface.pushBytes;

    std::vector<VkDescriptorSetLayoutBinding> bindings(interface.bindings);
    for (uint32_t i = 0; i < interface.bindings; ++i)
        bindings[i] = {i, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr};
    VkDescriptorSetLayoutCreateInfo setInfo{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
    setInfo.bindingCount = interface.bindings;
    setInfo.pBindings = bindings.data();
    RETURN_IF_ERROR(context.call(what, [&] {
        return vk.vkCreateDescriptorSetLayout(context.device(), &setInfo, nullptr, &kernel.setLayout);
    }));

    const VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, (interface.pushBytes + 3) & ~3u};
    VkPipelineLayoutCreateInfo layoutInfo{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
    layoutInfo.setLayoutCount = 1;
    layoutInfo.pSetLayouts = &kernel.setLayout;
    layoutInfo.pushConstantRangeCount = push.size ? 1 : 0;
    layoutInfo.pPushConstantRanges = &push;
    RETURN_IF_ERROR(context.call(what, [&] {
        return vk.vkCreatePipelineLayout(context.device(), &layoutInfo, nullptr, &kernel.layout);
    }));

    return {};
}

Result<VkPipeline> KernelRegistry::Data::compile(const Kernel& kernel, const Key& key) const {
    const auto& [shader, constants, subgroupSize] = key;
    const auto& vk = context.vk();
    const std::string what = fmt::format("compiling the kernel {}", kernel.name);
    const std::span<const uint32_t> words = shaders::find(shader);
    VkShaderModuleCreateInfo moduleInfo{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
    moduleInfo.codeSize = words.size_bytes();
    moduleInfo.pCode = words.data();
    VkShaderModule module = VK_NULL_HANDLE;
    RETURN_IF_ERROR(context.call(
        what, [&] { return vk.vkCreateShaderModule(context.device(), &moduleInfo, nullptr, &module); }));

    std::vector<VkSpecializationMapEntry> entries;
    std::vector<uint32_t> values;
    for (const auto& [id, value] : constants) {
        entries.push_back({id, static_cast<uint32_t>(values.size() * sizeof(uint32_t)), sizeof(uint32_t)});
        values.push_back(value);
    }
    const VkSpecializationInfo specialization{static_cast<uint32_t>(entries.size()), entries.data(),
                                              values.size() * sizeof(uint32_t), values.data()};
    VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size{
        VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO};
    size.requiredSubgroupSize = subgroupSize;
    VkComputePipelineCreateInfo info{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.pNext = subgroupSize ? &size : nullptr;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = module;
    info.stage.pName = "main";
    info.stage.pSpecializationInfo = &specialization;
    info.layout = kernel.layout;
    VkPipeline pipeline = VK_NULL_HANDLE;
    auto made = context.call(what, [&] {
        return vk.vkCreateComputePipelines(context.device(), cache.handle(), 1, &info, nullptr, &pipeline);
    });
    vk.vkDestroyShaderModule(context.device(), module, nullptr);
    if (!made.ok()) return std::move(made).error();
    return pipeline;
}

} // namespace ponder::vulkan
