#include "inference/vulkan/pipeline_cache.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "models/base/hash.h"
#include "models/base/replace_file.h"

namespace ponder::vulkan {

namespace {

struct FileHeader {
    char magic[8] = {'P', 'O', 'N', 'D', 'P', 'C', '0', '1'};
    uint64_t hash = 0;
    uint64_t sizeBytes = 0;
};
constexpr uint64_t kMaxBytes = 256u << 20;

std::string_view viewOf(const std::vector<char>& bytes) { return {bytes.data(), bytes.size()}; }

std::string fileName(const Context& context) {
    VkPhysicalDeviceIDProperties ids{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    properties.pNext = &ids;
    vkGetPhysicalDeviceProperties2(context.physicalDevice(), &properties);
    std::string name =
        fmt::format("pipelines-{:x}-{:x}-", properties.properties.vendorID, properties.properties.deviceID);
    // The driver's own cache identity changes with its version; the size of its vectors does not (llvmpipe), so the
    // subgroup size stands beside it.
    for (const uint8_t byte : properties.properties.pipelineCacheUUID) name += fmt::format("{:02x}", byte);
    for (const uint8_t byte : ids.driverUUID) name += fmt::format("{:02x}", byte);
    return name + fmt::format("-{}.bin", context.caps().subgroupSize);
}

std::vector<char> readChecked(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    FileHeader header;
    const FileHeader expected;
    if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return {};
    if (std::memcmp(header.magic, expected.magic, sizeof expected.magic) != 0 || header.sizeBytes > kMaxBytes)
        return {};
    std::vector<char> bytes(header.sizeBytes);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) ||
        hashOf(viewOf(bytes)) != header.hash)
        return {};
    return bytes;
}

} // namespace

Result<PipelineCache> PipelineCache::open(const Context& context, const std::string& folder) {
    PipelineCache result;
    result.m_context = &context;
    std::vector<char> bytes;
    if (!folder.empty()) {
        result.m_path = std::filesystem::path(folder) / fileName(context);
        bytes = readChecked(result.m_path);
        result.m_savedHash = bytes.empty() ? 0 : hashOf(viewOf(bytes));
    }
    VkPipelineCacheCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
    info.initialDataSize = bytes.size();
    info.pInitialData = bytes.data();
    RETURN_IF_ERROR(context.call("creating the pipeline cache", [&] {
        return context.vk().vkCreatePipelineCache(context.device(), &info, nullptr, &result.m_cache);
    }));
    return result;
}

PipelineCache::PipelineCache(PipelineCache&& other) noexcept { *this = std::move(other); }

PipelineCache& PipelineCache::operator=(PipelineCache&& other) noexcept {
    std::swap(m_context, other.m_context);
    std::swap(m_cache, other.m_cache);
    std::swap(m_path, other.m_path);
    std::swap(m_savedHash, other.m_savedHash);
    return *this;
}

PipelineCache::~PipelineCache() {
    if (m_cache) m_context->vk().vkDestroyPipelineCache(m_context->device(), m_cache, nullptr);
}

Result<void> PipelineCache::save() {
    if (m_path.empty()) return {};
    const auto read = [&](size_t& size, char* into) {
        return m_context->tryCall([&] {
            return m_context->vk().vkGetPipelineCacheData(m_context->device(), m_cache, &size, into);
        }) == VK_SUCCESS;
    };
    size_t size = 0;
    if (!read(size, nullptr)) return {}; // the next start compiles again, no more
    std::vector<char> bytes(size);
    if (!read(size, bytes.data())) return {};
    bytes.resize(size);
    FileHeader header;
    header.hash = hashOf(viewOf(bytes));
    header.sizeBytes = bytes.size();
    if (bytes.empty() || bytes.size() > kMaxBytes || header.hash == m_savedHash) return {};
    if (!replaceFile(m_path, {{reinterpret_cast<const char*>(&header), sizeof header}, viewOf(bytes)}))
        return Error{
            ErrorCode::Io,
            fmt::format("The cache of compiled kernels could not be written to {} ({}): the next start "
                        "will be slower.",
                        m_path.string(), std::strerror(errno))};
    m_savedHash = header.hash;
    return {};
}

} // namespace ponder::vulkan
