// The way of a file through the window: from the store to the disk and back.

#include <doctest/doctest.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "app/application.h"
#include "app/export/exporter.h"
#include "app/export/json_format.h"
#include "trees.h"

using namespace ponder;
using namespace ponder::app;

namespace {

struct Bench {
    Bench() {
        StartOptions options;
        options.dataFolder = folder.path();
        options.script = fakeScript(QString());
        application = std::make_unique<Application>(options);
        application->start();
        QSignalSpy spy(application->chat(), &ChatController::conversationChanged);
        while (application->chat()->chat() == 0 && spy.wait(5000)) {
        }
        REQUIRE(application->chat()->chat() != 0);
    }
    QUrl file(const char* name) const {
        return QUrl::fromLocalFile(folder.filePath(QString::fromUtf8(name)));
    }

    QTemporaryDir folder;
    std::unique_ptr<Application> application;
};

} // namespace

TEST_CASE("what is open is written in every format") {
    Bench bench;
    Exporter& exporter = *bench.application->exporter();
    for (const QVariant& row : exporter.formats()) {
        const QVariantMap format = row.toMap();
        const QUrl file = bench.file(("out." + format["suffix"].toByteArray()).constData());
        QSignalSpy done(&exporter, &Exporter::done), failed(&exporter, &Exporter::failed);
        exporter.exportAs(static_cast<Exporter::Format>(format["format"].toInt()), Exporter::All, 0, true,
                          file);
        CHECK(exporter.busy());
        exporter.exportAs(Exporter::Text, Exporter::All, 0, true, file); // one at a time
        REQUIRE(failed.count() == 1);
        REQUIRE(done.wait(30'000));
        CHECK_FALSE(exporter.busy());
        QFile written(file.toLocalFile());
        CHECK(written.size() > 200);
    }
}

TEST_CASE("a file that cannot be written is told in one sentence") {
    Bench bench;
    Exporter& exporter = *bench.application->exporter();
    QSignalSpy failed(&exporter, &Exporter::failed);
    exporter.exportAs(Exporter::Text, Exporter::Branch, 0, true, bench.file("no/such/folder.txt"));
    REQUIRE(failed.wait(5000));
    CHECK(failed[0][0].toString().endsWith("."));
    exporter.exportAs(Exporter::Text, Exporter::Branch, 0, true, QUrl("https://example.org/a.txt"));
    CHECK(failed.count() == 2);
    exporter.exportAs(Exporter::Text, Exporter::Answer, 987654, true, bench.file("a.txt"));
    REQUIRE(failed.wait(5000));
    CHECK_FALSE(exporter.busy());
}

TEST_CASE("what was exported comes back as another conversation with the same tree") {
    Bench bench;
    Exporter& exporter = *bench.application->exporter();
    const qint64 before = bench.application->chat()->chat();
    QSignalSpy done(&exporter, &Exporter::done), imported(&exporter, &Exporter::imported);
    exporter.exportAs(Exporter::Json, Exporter::All, 0, true, bench.file("a.json"));
    REQUIRE(done.wait(5000));
    CHECK(Exporter::canImport(bench.file("a.json")));
    CHECK_FALSE(Exporter::canImport(bench.file("a.gguf")));
    exporter.importFile(bench.file("a.json"));
    REQUIRE(imported.wait(5000));
    const qint64 after = imported[0][0].toLongLong();
    CHECK(after != before);
    QSignalSpy again(&exporter, &Exporter::done);
    exporter.exportChatAs(after, Exporter::Json, Exporter::All, 0, true, bench.file("b.json"));
    REQUIRE(again.wait(5000));
    const auto read = [&](const char* name) {
        QFile file(bench.file(name).toLocalFile());
        REQUIRE(file.open(QIODevice::ReadOnly));
        auto tree = readJson(file.readAll());
        REQUIRE(tree.ok());
        return std::move(tree).value();
    };
    ConversationTree a = read("a.json"), b = read("b.json");
    // The store gives its own numbers; in the same order, so the distance to the first is the same.
    REQUIRE(a.messages.size() == b.messages.size());
    for (ConversationTree* tree : {&a, &b}) {
        QHash<qint64, qint64> numbers{{0, 0}};
        for (MessageRecord& message : tree->messages) {
            numbers.insert(message.id, numbers.size());
            message.id = numbers.value(message.id);
            message.parent = numbers.value(message.parent);
        }
        tree->chat.head = numbers.value(tree->chat.head);
    }
    CHECK(equal(a, b));
}

TEST_CASE("what is no conversation is not imported") {
    Bench bench;
    Exporter& exporter = *bench.application->exporter();
    QSignalSpy failed(&exporter, &Exporter::failed);
    QFile file(bench.file("a.json").toLocalFile());
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write("{\"mapping\":{}}");
    file.close();
    exporter.importFile(bench.file("a.json"));
    REQUIRE(failed.wait(5000));
    CHECK(failed[0][0].toString().contains("a.json"));
    CHECK(failed[0][0].toString().contains("no conversation"));
    exporter.importFile(bench.file("nothing.json"));
    REQUIRE(failed.wait(5000));
}
