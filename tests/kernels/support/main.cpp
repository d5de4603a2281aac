// Runs the tests, ends the shared device, and makes validation messages a failure of the run.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

#include "inference/tuning.h"
#include "inference/vulkan/context.h"
#include "tests/kernels/support/gpu.h"

namespace ponder::test {

void endShared();
void endMatMul();

namespace {
uint64_t g_expected = 0;
}
void expectValidationMessages(uint64_t count) { g_expected += count; }

} // namespace ponder::test

int main(int argc, char** argv) {
    using ponder::vulkan::Context;
    doctest::Context runner(argc, argv);
    int status = runner.run();
    if (runner.shouldExit()) return status;
    ponder::test::endMatMul();
    ponder::test::endShared();
    const uint64_t messages = Context::validationMessagesOfProcess() - ponder::test::g_expected;
    if (messages != 0) {
        std::fprintf(stderr, "the validation layer complained %llu times\n",
                     static_cast<unsigned long long>(messages));
        status = 1;
    }
    return status;
}
