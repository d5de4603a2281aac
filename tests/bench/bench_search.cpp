// The store with a large library: how long a search, a page of the list, the index, a check and a copy take.
// bench_search [FILE CHATS MESSAGES MEGABYTES]; FILE is made when it is not there.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <QFile>
#include <QTemporaryDir>

#include "tests/support/make_library.h"

using namespace ponder;
using namespace ponder::app;

namespace {

double secondsOf(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void need(const Result<void>& result) {
    if (result.ok()) return;
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
}

// Milliseconds of 11 calls after one that warms up: the median and the worst.
void report(const char* what, const std::function<size_t()>& work) {
    const double first = secondsOf([&] { work(); }) * 1000;
    std::vector<double> times;
    size_t found = 0;
    for (int i = 0; i < 11; ++i) times.push_back(secondsOf([&] { found = work(); }) * 1000);
    std::sort(times.begin(), times.end());
    std::printf("%-34s %8.2f %8.2f %8.2f   %zu\n", what, first, times[5], times.back(), found);
}

} // namespace

int main(int argc, char** argv) {
    testing::LibrarySize size{1000, 10'000, 50'000'000};
    QTemporaryDir folder;
    const QString path =
        argc > 1 ? QString::fromLocal8Bit(argv[1]) : folder.filePath(QStringLiteral("ponder.db"));
    if (argc > 4) size = {std::atoi(argv[2]), std::atoi(argv[3]), std::atoll(argv[4]) * 1'000'000};
    const bool made = !QFile::exists(path);
    auto store = ConversationStore::open(path);
    if (!store.ok()) need(store.error());
    if (made) {
        std::printf("written    %.2f s\n", secondsOf([&] { need(makeLibrary(*store, size)); }));
        double longest = 0;
        int steps = 0;
        const double all = secondsOf([&] {
            for (bool more = true; more; ++steps)
                longest = std::max(longest, secondsOf([&] {
                                       const auto step = store->upkeep();
                                       if (!step.ok()) need(step.error());
                                       more = *step == ConversationStore::Upkeep::More;
                                   }));
        });
        std::printf("indexed    %.2f s in %d steps, the longest %.1f ms\n", all, steps, longest * 1000);
    }
    std::printf("file       %.1f MB\n\n%-34s %8s %8s %8s   found\n",
                static_cast<double>(QFile(path).size()) / 1e6, "ms", "first", "median", "worst");
    for (const char* typed : {"the", "wait", "quater", "sonin", "sonin velire", "\"wait let\"", "pre",
                              "in:thought the", "in:title the", "一", "丁", "一丁", "一丁七", "万丈三上",
                              "the 一", "nothingofthat", "no such words here"})
        report(typed, [&] {
            const auto hits = store->search(parseSearchQuery(QString::fromUtf8(typed)), 50);
            if (!hits.ok()) need(hits.error());
            return hits->size();
        });
    ChatRecord last;
    report("first page of the list", [&] { return store->chats(100)->size(); });
    for (int i = 0; i < size.chats / 200; ++i)
        if (const auto page = store->chats(100, last); page.ok() && !page->empty()) last = page->back();
    report("a page in the middle", [&] { return store->chats(100, last)->size(); });
    report("a conversation", [&] { return store->messages(last.id)->size(); });
    std::printf("\nquick_check %.2f s\n",
                secondsOf([&] { need(flawsOf(path).ok() ? Result<void>{} : flawsOf(path).error()); }));
    if (argc > 1) return 0;
    std::printf("a copy      %.2f s\n", secondsOf([&] {
                    if (auto copy = backUp(store->database(), QStringLiteral("bench")); !copy.ok())
                        need(copy.error());
                }));
    std::printf("purged      %.3f s\n", secondsOf([&] { need(store->purgeChat(last.id)); }));
    double longest = 0;
    std::printf("wiped       %.2f s", secondsOf([&] {
                    for (bool more = true; more;)
                        longest = std::max(longest, secondsOf([&] {
                                               const auto step = store->upkeep();
                                               more = step.ok() && *step == ConversationStore::Upkeep::More;
                                           }));
                }));
    std::printf(", the longest step %.1f ms\n", longest * 1000);
    std::printf("out of the copy %.2f s\n", secondsOf([&] { need(store->finishUpkeep()); }));
    return 0;
}
