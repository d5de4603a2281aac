// make_library FILE [CHATS [MESSAGES [MEGABYTES]]] [--index]: a database of that size, to start the window with.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/make_library.h"

using namespace ponder::app;

int main(int argc, char** argv) {
    const bool index = argc > 1 && std::strcmp(argv[argc - 1], "--index") == 0;
    if (index) --argc;
    if (argc < 2 || argc > 5) {
        std::fprintf(stderr, "make_library FILE [CHATS [MESSAGES [MEGABYTES]]] [--index]\n");
        return 2;
    }
    testing::LibrarySize size{10'000, 200'000, 50'000'000};
    if (argc > 2) size.chats = std::atoi(argv[2]);
    if (argc > 3) size.messages = std::atoi(argv[3]);
    if (argc > 4) size.bytes = std::atoll(argv[4]) * 1'000'000;
    auto store = ConversationStore::open(QString::fromLocal8Bit(argv[1]));
    if (!store.ok()) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        return 1;
    }
    auto made = makeLibrary(*store, size);
    if (made.ok() && index) made = store->finishUpkeep();
    if (!made.ok()) std::fprintf(stderr, "%s\n", made.error().message.c_str());
    return made.ok() ? 0 : 1;
}
