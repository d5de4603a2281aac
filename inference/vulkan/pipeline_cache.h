#pragma once
// The driver's cache of compiled pipelines and its file, one a device and driver. The file is ours, with a checksum, so
// that a damaged or foreign one never reaches a driver; it is replaced whole, so that no crash leaves half of one.
// Owns the VkPipelineCache. The engine's thread.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "inference/vulkan/context.h"

namespace ponder::vulkan {

class PipelineCache {
public:
    // An empty folder: a cache in memory only. An unreadable or damaged file is an empty cache.
    static Result<PipelineCache> open(const Context& context, const std::string& folder);
    PipelineCache(PipelineCache&& other) noexcept;
    PipelineCache& operator=(PipelineCache&& other) noexcept;
    ~PipelineCache();

    VkPipelineCache handle() const { return m_cache; }
    const std::filesystem::path& path() const { return m_path; }
    Result<void> save(); // nothing when it holds what the file holds

private:
    PipelineCache() = default;
    const Context* m_context = nullptr;
    VkPipelineCache m_cache = VK_NULL_HANDLE;
    std::filesystem::path m_path;
    uint64_t m_savedHash = 0;
};

} // namespace ponder::vulkan
