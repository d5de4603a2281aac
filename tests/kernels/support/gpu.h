#pragma once
// What every kernel test needs: one Context and KernelRegistry for the process (made on first use, ended by main), data up
// and down, one submission run to its end, and outputs between guard bytes. A failing Vulkan call ends the test case with its
// message. PONDER_TEST_DEVICE=vulkan:N chooses the device. One thread.

#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "inference/vulkan/command_recorder.h"

namespace ponder::test {

vulkan::Context& context();
vulkan::KernelRegistry& registry();

// Ends the test case with the error's message, else gives the value.
template <typename T>
T require(Result<T> result) {
    if (!result.ok()) FAIL(result.error().message);
    return std::move(result).value();
}
inline void require(const Result<void>& result) {
    if (!result.ok()) FAIL(result.error().message);
}

// A DeviceLocal buffer, holding `bytes` of data.
vulkan::Buffer uploadBytes(std::span<const std::byte> bytes, std::string_view name = "test input");
void downloadBytes(const vulkan::BufferView& view, std::span<std::byte> into);
vulkan::Buffer deviceBuffer(uint64_t sizeBytes, std::string_view name = "test buffer");

template <typename T>
vulkan::Buffer upload(const std::vector<T>& values, std::string_view name = "test input") {
    return uploadBytes(std::as_bytes(std::span(values)), name);
}
template <typename T>
std::vector<T> download(const vulkan::BufferView& view, size_t count) {
    std::vector<T> values(count);
    downloadBytes(view, std::as_writable_bytes(std::span(values)));
    return values;
}

// Records what `record` does, submits it and waits for its end. The recording ends with a barrier to the host.
void run(const std::function<void(vulkan::CommandRecorder&)>& record);

// A device buffer whose neighbourhood is watched: 256 bytes of pattern on both sides, the inside filled with it too, so that
// what a kernel left out shows as NaN or a wild number. check() fails when a guard was touched.
class GuardedBuffer {
public:
    explicit GuardedBuffer(uint64_t sizeBytes);
    vulkan::BufferView view() const { return m_buffer.view().part(kGuardBytes, m_sizeBytes); }
    void check() const;
    template <typename T>
    std::vector<T> values() const { // also checks the guards
        check();
        return download<T>(view(), m_sizeBytes / sizeof(T));
    }
    template <typename T>
    void set(const std::vector<T>& values) {
        setBytes(std::as_bytes(std::span(values)));
    }

private:
    static constexpr uint64_t kGuardBytes = 256; // the largest alignment a device may ask of a descriptor
    void setBytes(std::span<const std::byte> bytes);
    uint64_t m_sizeBytes;
    vulkan::Buffer m_buffer;
};

// How a Vulkan call can be made to fail, by ContextOptions::failResult, and what comes of it.
struct CallFailure {
    const char* name;
    ErrorCode code;
};
inline constexpr CallFailure kCallFailures[] = {{"lost", ErrorCode::DeviceLost},
                                                {"device_memory", ErrorCode::OutOfDeviceMemory},
                                                {"host_memory", ErrorCode::OutOfHostMemory}};

// A test that breaks a rule on purpose says how many messages of the validation layer were its own; any other fails the run.
void expectValidationMessages(uint64_t count);

} // namespace ponder::test
