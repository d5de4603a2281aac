// libFuzzer target: any bytes as a model file. Opens it, asks for every value in every way, touches every tensor's first and
// last byte, and goes on through hyper-parameters, tensor lists, words, tokenizer, chat layout and memory plan. Whatever the
// bytes say, each step gives a value or an error of one line.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inference/memory_plan.h"
#include "models/architecture.h"
#include "models/chat_template.h"
#include "models/gguf_file.h"
#include "models/model_info.h"
#include "models/tokenizer.h"

using namespace ponder;
using namespace ponder::models;

namespace {

void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "fuzz_gguf: %s\n", what);
    std::abort();
}

// A file in memory, with a path.
class MemoryFile {
public:
    MemoryFile(const uint8_t* data, size_t size) : m_descriptor(::memfd_create("model", MFD_CLOEXEC)) {
        require(m_descriptor >= 0, "no file in memory");
        require(size == 0 || ::write(m_descriptor, data, size) == static_cast<ssize_t>(size),
                "no room in memory");
    }
    ~MemoryFile() { ::close(m_descriptor); }
    std::string path() const { return fmt::format("/proc/self/fd/{}", m_descriptor); }

private:
    int m_descriptor;
};

template <typename T>
void requireSentence(const Result<T>& result) {
    if (result.ok()) return;
    const std::string& message = result.error().message;
    require(!message.empty() && message.size() < 4096, "an error without a sentence, or an endless one");
    require(message.find('\n') == std::string::npos, "an error of several lines");
    require(message.find('\x1b') == std::string::npos, "an error that steers the terminal");
}

void askEverything(const GgufFile& file) {
    for (const std::string_view key : file.keys()) {
        require(file.has(key), "a listed key is absent");
        require(file.describe(key).find('\n') == std::string::npos, "a value described in several lines");
        (void)file.getUint(key), (void)file.getInt(key), (void)file.getFloat(key), (void)file.getBool(key);
        (void)file.getString(key), (void)file.getStrings(key), (void)file.getInts(key);
    }
    static volatile uint8_t sink = 0;
    for (const TensorInfo& tensor : file.tensors()) {
        require(tensor.sizeBytes > 0, "a tensor without bytes");
        std::byte first{}, last{};
        require(file.read(tensor, std::span(&first, 1)).ok() &&
                    file.read(tensor.shard, tensor.offset + tensor.sizeBytes - 1, std::span(&last, 1)).ok(),
                "a tensor whose bytes cannot be read");
        require(tensor.rowBytes() * tensor.rows() == tensor.sizeBytes, "rows that do not make up the tensor");
        require(file.find(tensor.name) == &tensor, "a tensor that is not found by its name");
        sink = static_cast<uint8_t>(first) ^ static_cast<uint8_t>(last);
    }
    (void)sink;
}

void planFor(const GgufFile& file, const Hyperparams& p) {
    for (const uint64_t bytes : {uint64_t{1} << 16, uint64_t{1} << 34}) {
        const inference::PlanDevice device{.name = "made up",
                                           .localBytes = bytes,
                                           .budgetBytes = bytes,
                                           .maxAllocationBytes = bytes / 4,
                                           .unified = false,
                                           .gigabytesPerSecond = 100};
        const auto plan = inference::planMemory({.hyperparams = p,
                                                 .tensors = file.tensors(),
                                                 .devices = {&device, 1},
                                                 .host = {},
                                                 .context = 0,
                                                 .deviceBudgetBytes = 0,
                                                 .hostBudgetBytes = 0});
        requireSentence(plan);
        if (plan.ok() && plan->fits)
            require(plan->bytesDevice() <= plan->bytesAvailable, "a plan that promises too much");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const MemoryFile memory(data, size);
    const auto file = GgufFile::open(memory.path());
    requireSentence(file);
    if (!file.ok()) return 0;
    askEverything(*file);
    const auto info = readModelInfo(*file);
    requireSentence(info);
    if (info.ok()) (void)info->text();
    if (info.ok() && info->hyperparams) planFor(*file, *info->hyperparams);
    const auto tokenizer = Tokenizer::create(*file);
    requireSentence(tokenizer);
    if (tokenizer.ok()) {
        (void)(*tokenizer)->encode("Why is 1+1 two?\n<think>", SpecialTokens::Recognize);
        requireSentence(ChatTemplate::forModel(*file, **tokenizer));
    }
    return 0;
}
