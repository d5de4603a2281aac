#include "inference/vulkan/pipeline_cache.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

#include "models/base/log.h"

namespace ponder::vulkan {

namespace {

struct FileHeader {
    char magic[8] = {'P', 'O', 'N', 'D', 'P', 'C', '0', '1'};
    uint64_t hash = 0;
    uint64_t sizeBytes = 0;
};
constexpr uint64_t kMaxBytes = 256u << 20;

uint64_t hashOf(const std::vector<char>& bytes) { // FNV-1a
    uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

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
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || hashOf(bytes) != header.hash)
        return {};
    return bytes;
}

bool writeAll(int descriptor, const void* data, size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t wrote = ::write(descriptor, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        at += wrote;
        size -= static_cast<size_t>(wrote);
    }
    return true;
}

// Beside the file, then renamed over it.
bool replaceFile(const std::filesystem::path& path, const FileHeader& header, const std::vector<char>& bytes) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    const std::string beside = fmt::format("{}.{}", path.string(), ::getpid());
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    const bool wrote = writeAll(descriptor, &header, sizeof header) &&
                       writeAll(descriptor, bytes.data(), bytes.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (wrote && std::rename(beside.c_str(), path.c_str()) == 0) return true;
    const int reason = errno;
    ::unlink(beside.c_str());
    errno = reason;
    return false;
}

} // namespace

Result<PipelineCache> PipelineCache::open(const Context& context, const std::string& folder) {
    PipelineCache result;
    result.m_context = &context;
    std::vector<char> bytes;
    if (!folder.empty()) {
        result.m_path = std::filesystem::path(folder) / fileName(context);
        bytes = readChecked(result.m_path);
        result.m_savedHash = bytes.empty() ? 0 : hashOf(bytes);
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
    header.hash = hashOf(bytes);
    header.sizeBytes = bytes.size();
    if (bytes.empty() || bytes.size() > kMaxBytes || header.hash == m_savedHash) return {};
    if (!replaceFile(m_path, header, bytes))
        return Error{
            ErrorCode::Io,
            fmt::format("The cache of compiled kernels could not be written to {} ({}): the next start "
                        "will be slower.",
                        m_path.string(), std::strerror(errno))};
    m_savedHash = header.hash;
    return {};
}

} // namespace ponder::vulkan
