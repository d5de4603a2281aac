// One window a folder: the second start hands over, a crash leaves no lock, and what hangs or lies does no harm.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>

#include "app/single_instance.h"

using namespace ponder;
using namespace ponder::app;

namespace {

const Handover kWanted{QStringLiteral("/tmp/为 \"a\".gguf"), QStringLiteral("Why?\nSo."),
                       QStringLiteral("token-1")};

// claim() of a second start waits, so it needs a thread of its own beside the first one's event loop.
Result<bool> claimElsewhere(const QString& folder, const Handover& wanted,
                            std::chrono::milliseconds patience) {
    std::optional<Result<bool>> result;
    QThread* second = QThread::create([&] {
        SingleInstance instance(folder);
        result = instance.claim(wanted, patience);
    });
    QSignalSpy finished(second, &QThread::finished);
    second->start();
    REQUIRE((second->isFinished() || finished.wait(20'000)));
    delete second;
    return *result;
}

} // namespace

TEST_CASE("the second start hands over what it was asked for, and is not the first") {
    QTemporaryDir folder;
    SingleInstance first(folder.path());
    qRegisterMetaType<Handover>();
    std::vector<Handover> taken;
    QObject::connect(&first, &SingleInstance::handedOver,
                     [&](const Handover& wanted) { taken.push_back(wanted); });
    auto claimed = first.claim({});
    REQUIRE(claimed.ok());
    CHECK(*claimed);
    for (int i = 0; i < 3; ++i) {
        claimed = claimElsewhere(folder.path(), kWanted, std::chrono::seconds(10));
        REQUIRE_MESSAGE(claimed.ok(), claimed.error().message);
        CHECK_FALSE(*claimed);
    }
    REQUIRE(taken.size() == 3);
    CHECK(taken[2] == kWanted);
}

TEST_CASE("another folder is another window, the same one by another name is not") {
    QTemporaryDir folder, other;
    SingleInstance first(folder.path()), second(other.path());
    CHECK(*first.claim({}));
    CHECK(*second.claim({}));
    QFile::link(folder.path(), other.filePath("link"));
    const auto linked = claimElsewhere(other.filePath("link"), {}, std::chrono::seconds(10));
    REQUIRE(linked.ok());
    CHECK_FALSE(*linked);
}

TEST_CASE("the end of the first makes room") {
    QTemporaryDir folder;
    for (int i = 0; i < 3; ++i) {
        SingleInstance instance(folder.path());
        const auto claimed = instance.claim({});
        REQUIRE(claimed.ok());
        CHECK(*claimed);
    }
}

TEST_CASE("one that was killed leaves neither lock nor socket in the way") {
    QTemporaryDir folder;
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
        SingleInstance instance(folder.path());
        const char answer = *instance.claim({}) ? 'y' : 'n';
        (void)!write(ready[1], &answer, 1);
        pause();
        _exit(0);
    }
    char answer = 0;
    REQUIRE(read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    SingleInstance next(folder.path());
    const auto claimed = next.claim({});
    REQUIRE(claimed.ok());
    CHECK(*claimed);
    const auto second = claimElsewhere(folder.path(), kWanted, std::chrono::seconds(10));
    REQUIRE(second.ok());
    CHECK_FALSE(*second); // the old socket did not keep the new one from listening
}

TEST_CASE("a first one that does not answer is named") {
    QTemporaryDir folder;
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) { // has claimed and never comes to its event loop
        SingleInstance instance(folder.path());
        (void)instance.claim({}).ok();
        (void)!write(ready[1], "y", 1);
        pause();
        _exit(0);
    }
    char answer = 0;
    REQUIRE(read(ready[0], &answer, 1) == 1);
    SingleInstance second(folder.path());
    const auto claimed = second.claim(kWanted, std::chrono::milliseconds(300));
    REQUIRE_FALSE(claimed.ok());
    CHECK(claimed.error().message.find(std::to_string(child)) != std::string::npos);
    CHECK(claimed.error().message.find("PONDER_DATA_DIR") != std::string::npos);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

TEST_CASE("a folder that cannot be is an error and not the end") {
    SingleInstance instance(QStringLiteral("/proc/no/such/folder"));
    const auto claimed = instance.claim({});
    REQUIRE_FALSE(claimed.ok());
    CHECK(claimed.error().message.find("could not be made") != std::string::npos);
}

int main(int argc, char** argv) {
    QTemporaryDir runtime;
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
    QCoreApplication app(argc, argv);
    doctest::Context context(argc, argv);
    return context.run();
}
