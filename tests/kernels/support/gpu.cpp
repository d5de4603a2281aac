#include "tests/kernels/support/gpu.h"

#include <cstdlib>
#include <memory>

namespace ponder::test {

using namespace vulkan;

namespace {

struct Shared {
    std::unique_ptr<Context> context;
    std::unique_ptr<KernelRegistry> registry;
};
std::unique_ptr<Shared> g_shared;

Shared& shared() {
    if (!g_shared) {
        const char* device = std::getenv("PONDER_TEST_DEVICE");
        auto made = std::make_unique<Shared>();
        made->context = require(Context::create({.device = device ? device : "", .failResult = {}}));
        made->registry = require(KernelRegistry::create(*made->context, ""));
        MESSAGE("device: " << made->context->caps().name << ", subgroup "
                           << made->context->caps().subgroupSize);
        g_shared = std::move(made);
    }
    return *g_shared;
}

constexpr uint32_t kPattern = 0xffa5a5a5; // a NaN as a float, wild as an integer

} // namespace

void endShared() { g_shared.reset(); }

Context& context() { return *shared().context; }
KernelRegistry& registry() { return *shared().registry; }

void run(const std::function<void(CommandRecorder&)>& record) {
    auto recorder = require(CommandRecorder::create(context(), "test"));
    require(recorder.begin());
    record(recorder);
    recorder.hostBarrier();
    require(recorder.end());
    require(context().wait(require(context().submit({recorder.handle()}))));
}

Buffer deviceBuffer(uint64_t sizeBytes, std::string_view name) {
    return require(Buffer::create(context(), sizeBytes, MemoryUse::DeviceLocal, name));
}

Buffer uploadBytes(std::span<const std::byte> bytes, std::string_view name) {
    Buffer result = deviceBuffer(bytes.size(), name);
    if (bytes.empty()) return result;
    const Buffer staging = require(Buffer::create(context(), bytes.size(), MemoryUse::Upload, "test upload"));
    std::memcpy(staging.mapped().data(), bytes.data(), bytes.size());
    run([&](CommandRecorder& recorder) { recorder.copy(staging.view(), result.view()); });
    return result;
}

void downloadBytes(const BufferView& view, std::span<std::byte> into) {
    REQUIRE(into.size() <= view.sizeBytes);
    if (into.empty()) return;
    const Buffer staging =
        require(Buffer::create(context(), into.size(), MemoryUse::Readback, "test download"));
    run([&](CommandRecorder& recorder) { recorder.copy(view, staging.view()); });
    std::memcpy(into.data(), staging.mapped().data(), into.size());
}

GuardedBuffer::GuardedBuffer(uint64_t sizeBytes)
    : m_sizeBytes(sizeBytes),
      m_buffer(deviceBuffer((sizeBytes + 2 * kGuardBytes + 3) & ~uint64_t{3}, "guarded")) {
    run([&](CommandRecorder& recorder) { recorder.fill(m_buffer.view(), kPattern); });
}

void GuardedBuffer::setBytes(std::span<const std::byte> bytes) {
    REQUIRE(bytes.size() <= m_sizeBytes);
    const Buffer from = uploadBytes(bytes);
    run([&](CommandRecorder& recorder) { recorder.copy(from.view(), view()); });
}

void GuardedBuffer::check() const {
    const auto all = download<uint8_t>(m_buffer.view(), m_buffer.sizeBytes());
    const auto pattern = [](uint64_t at) { return static_cast<uint8_t>(kPattern >> (8 * (at % 4))); };
    for (uint64_t i = 0; i < all.size(); ++i) {
        if (i >= kGuardBytes && i < kGuardBytes + m_sizeBytes) continue;
        if (all[i] == pattern(i)) continue;
        FAIL_CHECK("guard byte " << static_cast<int64_t>(i) - static_cast<int64_t>(kGuardBytes)
                                 << " of an output of " << m_sizeBytes << " bytes was overwritten");
        return;
    }
}

} // namespace ponder::test
