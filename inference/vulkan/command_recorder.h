#pragma once
// Records one command buffer: dispatches with typed push constants, copies, barriers written out for named hazards, and
// timestamps. A recording can be submitted once or many times (a decode pass is recorded once and replayed). Descriptor
// sets are allocated from pools that live as long as the recorder. One thread.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "inference/vulkan/buffer.h"
#include "inference/vulkan/kernel.h"

namespace ponder::vulkan {

struct Timestamp {
    std::string_view name; // static strings only
    double microseconds = 0;
};

class CommandRecorder {
public:
    static Result<CommandRecorder> create(const Context& context, std::string_view name,
                                          bool timestamps = false);
    CommandRecorder(CommandRecorder&&) noexcept;
    CommandRecorder& operator=(CommandRecorder&&) noexcept;
    ~CommandRecorder();

    // Forgets what was recorded (the caller knows that the device is done with it) and starts anew.
    Result<void> begin();
    Result<void> end();
    VkCommandBuffer handle() const;

    template <typename Push>
    void dispatch(const Kernel& kernel, const Push& push, std::initializer_list<BufferView> bindings,
                  std::array<uint32_t, 3> groups) {
        static_assert(std::is_trivially_copyable_v<Push> && sizeof(Push) <= 128);
        dispatchRaw(kernel, &push, sizeof(Push), std::span(bindings.begin(), bindings.size()), groups);
    }
    template <typename Push>
    void dispatch(const Kernel& kernel, const Push& push, std::span<const BufferView> bindings,
                  std::array<uint32_t, 3> groups) {
        static_assert(std::is_trivially_copyable_v<Push> && sizeof(Push) <= 128);
        dispatchRaw(kernel, &push, sizeof(Push), bindings, groups);
    }
    void copy(const BufferView& from, const BufferView& to); // of the smaller size
    void fill(const BufferView& view, uint32_t word);

    // Everything written by kernels and copies so far is visible to everything after. `hazard` says why, for captures.
    void barrier(std::string_view hazard);
    void hostBarrier();                // what the device wrote becomes readable by the host
    void mark(std::string_view stage); // a timestamp and a debug label; nothing when neither is wanted
    // After completion: stage durations of the last run, in order of recording.
    Result<std::vector<Timestamp>> timestamps() const;

    // Recording collects the first failure (a pool that could not grow) and end() returns it.
private:
    struct Data;
    explicit CommandRecorder(std::unique_ptr<Data> data);
    void dispatchRaw(const Kernel& kernel, const void* push, size_t pushBytes,
                     std::span<const BufferView> bindings, std::array<uint32_t, 3> groups);
    std::unique_ptr<Data> m_data;
};

} // namespace ponder::vulkan
