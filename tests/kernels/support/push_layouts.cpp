#include "tests/kernels/support/push_layouts.h"

#include "shaders/shared/self_test.h"

namespace ponder::test {

namespace {

// One row a struct of shaders/shared. Every member is named: the test fails on a different number.
const std::vector<PushLayout>& layouts() {
    using namespace shared;
    static const std::vector<PushLayout> all = {
        {"self_test",
         sizeof(SelfTestPush),
         {offsetof(SelfTestPush, address), offsetof(SelfTestPush, count), offsetof(SelfTestPush, reserved)}},
    };
    return all;
}

} // namespace

const PushLayout* pushLayoutOf(std::string_view kernel) {
    const PushLayout* best = nullptr;
    for (const PushLayout& layout : layouts())
        if (kernel.starts_with(layout.prefix) && (!best || layout.prefix.size() > best->prefix.size())) best = &layout;
    return best;
}

} // namespace ponder::test
