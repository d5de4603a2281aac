// libFuzzer target: any bytes as a line of the protocol. It is refused in one line of text, or read to a
// message that is written to a line that is read to the same message.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "inference/protocol/json.h"

using namespace ponder;
using namespace ponder::protocol;

namespace {

void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "fuzz_protocol: %s\n", what);
    std::abort();
}

template <typename T>
void check(const Result<T>& message, Result<T> (*parse)(std::string_view)) {
    if (!message.ok()) {
        require(message.error().code == ErrorCode::Protocol, "a refusal with another code");
        require(!message.error().message.empty() && message.error().message.find('\n') == std::string::npos,
                "no sentence");
        return;
    }
    const std::string line = toJson(*message);
    require(line.find('\n') == std::string::npos, "a message of two lines");
    const auto again = parse(line);
    require(again.ok(), "what was written is not read");
    require(toJson(*again) == line, "what was written is read differently");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    check(parseRequest(line), parseRequest);
    check(parseEvent(line), parseEvent);
    (void)idOfLine(line);
    return 0;
}
