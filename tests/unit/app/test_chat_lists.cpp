// The lists beside the transcript: conversations, trash, what a search finds.
#include <QtTest/QAbstractItemModelTester>

#include "app/fake_library.h"
#include "tests/unit/app/chat_bench.h"

using namespace ponder;
using namespace ponder::app;

namespace {

using List = ConversationListModel;

QVariant cell(const QAbstractItemModel& model, int row, int role) {
    return model.data(model.index(row, 0), role);
}

QStringList titles(const QAbstractItemModel& model, int role) {
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row) found << cell(model, row, role).toString();
    return found;
}

// A bench with the conversations of a script.
struct Filled : ScriptBench {
    explicit Filled(const QString& name) : Filled(*fakeScript(name)) {}
    explicit Filled(const FakeScript& script) : ScriptBench(script), tester(chat.conversations()) {
        const auto filled = inStore([script](ConversationStore& s) -> Result<bool> {
            RETURN_IF_ERROR(fillStore(s, script));
            return true;
        });
        REQUIRE(filled.ok());
        chat.openLast();
        REQUIRE(wait([&] { return chat.conversations()->count() > 0; }));
    }
    qint64 chatAt(int row) { return cell(*chat.conversations(), row, List::ChatRole).toLongLong(); }
    QStringList names() { return titles(*chat.conversations(), List::TitleRole); }
    QAbstractItemModelTester tester;
};

} // namespace

TEST_CASE("by date below the pinned ones; pinned, renamed, and in the order of the store after it") {
    Filled bench("tour");
    List& list = *bench.chat.conversations();
    REQUIRE(list.count() == 11);
    CHECK(cell(list, 0, List::GroupRole) == "Pinned");
    CHECK(cell(list, 2, List::GroupRole) == "Today");
    CHECK(cell(list, 10, List::GroupRole) == "Previous 7 days");
    const qint64 last = bench.chatAt(10);
    bench.chat.pinChat(last, true);
    CHECK(list.rowOf(last) == 2); // the oldest of the pinned
    CHECK(cell(list, 2, List::PinnedRole).toBool());
    bench.chat.renameChat(last, "Chess");
    CHECK(cell(list, 2, List::TitleRole) == "Chess");
    const QStringList shown = bench.names();
    list.reload();
    REQUIRE(bench.wait([&] { return list.count() == 11; }));
    CHECK(bench.names() == shown);
    bench.chat.pinChat(last, false);
    CHECK(list.rowOf(last) == 10);
}

TEST_CASE("pages: read as they are scrolled to, each conversation once, whatever changes between them") {
    FakeScript script = *fakeScript("many");
    script.chats.resize(350);
    Filled bench(script);
    List& list = *bench.chat.conversations();
    // The tester of the model fetches, too.
    const auto readTo = [&](int rows) {
        REQUIRE(bench.wait([&] {
            list.fetchMore({});
            return list.count() >= rows;
        }));
    };
    // One of the last, which is on no page yet, is pinned elsewhere; one of the first goes down.
    bench.chat.pinChat(300, true);
    readTo(150);
    bench.chat.pinChat(1, false);
    readTo(349);
    QSet<qint64> seen;
    for (int row = 0; row < list.count(); ++row) seen.insert(bench.chatAt(row));
    CHECK(seen.size() == list.count());
    CHECK(seen.size() >= 349); // 300 was pinned before its page was read: it is among the pinned when read anew
    list.reload();
    REQUIRE(bench.wait([&] { return list.rowOf(300) >= 0; }));
}

TEST_CASE("thrown away, undone, brought back, gone") {
    Filled bench("tour");
    TrashModel& trash = *bench.chat.trash();
    const QAbstractItemModelTester tester(&trash);
    const qint64 open = bench.chat.chat();
    REQUIRE(bench.wait([&] { return bench.chat.chat() != 0; }));
    const qint64 other = bench.chatAt(5);
    const QString title = cell(*bench.chat.conversations(), 5, List::TitleRole).toString();
    bench.chat.trashChat(other);
    CHECK(bench.chat.conversations()->count() == 10);
    REQUIRE(bench.wait([&] { return bench.chat.trashed() == title; }));
    REQUIRE(bench.wait([&] { return trash.count() == 1; }));
    CHECK(titles(trash, TrashModel::TitleRole) == QStringList{title});
    CHECK(!cell(trash, 0, TrashModel::WhenRole).toString().isEmpty());
    bench.chat.undoTrash();
    bench.chat.undoTrash();
    REQUIRE(bench.wait([&] { return bench.chat.conversations()->count() == 11; }));
    CHECK(bench.chat.trashed().isEmpty());
    CHECK(bench.chatAt(5) == other); // where it was
    REQUIRE(bench.wait([&] { return trash.count() == 0; }));

    bench.chat.trashChat(other);
    bench.chat.trashChat(bench.chatAt(0));
    REQUIRE(bench.wait([&] { return trash.count() == 2; }));
    bench.chat.restoreChat(other);
    REQUIRE(bench.wait([&] { return bench.chat.conversations()->count() == 10; }));
    const qint64 left = cell(trash, 0, TrashModel::ChatRole).toLongLong();
    bench.chat.purgeChat(left);
    CHECK(trash.count() == 0);
    CHECK(bench.stored(left).empty());
    CHECK(bench.chat.chat() == (open != 0 ? open : bench.chat.chat()));
}

TEST_CASE("what the store refuses is shown as it is in the store") {
    Filled bench("tour");
    bench.sql("CREATE TRIGGER refuse BEFORE UPDATE OF deleted_at, title, pinned ON chat BEGIN SELECT "
              "RAISE(ABORT, 'no "
              "room'); END");
    const QStringList before = bench.names();
    bench.chat.trashChat(bench.chatAt(4));
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown() && bench.names() == before; }));
    CHECK(bench.chat.trashed().isEmpty());
    bench.chat.renameChat(bench.chatAt(4), "Other");
    REQUIRE(bench.wait([&] { return bench.names() == before; }));
}

TEST_CASE("search: titles first, then places, with their marks; the last query is the one that is shown") {
    Filled bench("search");
    SearchModel& search = *bench.chat.search();
    const QAbstractItemModelTester tester(&search);
    const auto find = [&](const QString& query) {
        search.setQuery(query);
        REQUIRE(bench.wait([&] { return !search.searching(); }));
    };
    find("acquire");
    REQUIRE(search.count() > 0);
    find("divisible");
    REQUIRE(search.count() >= 2);
    CHECK(cell(search, 0, SearchModel::KindRole) == SearchModel::Chat);
    CHECK(cell(search, 0, SearchModel::TitleRole) == "Divisible by 6 up to 2025");
    const int hit = search.count() - 1;
    REQUIRE(cell(search, hit, SearchModel::KindRole) == SearchModel::Hit);
    const QString snippet = cell(search, hit, SearchModel::SnippetRole).toString();
    const QVariantList marks = cell(search, hit, SearchModel::MarksRole).toList();
    REQUIRE(marks.size() >= 2);
    CHECK(snippet.mid(marks[0].toInt(), marks[1].toInt()).startsWith("divisib", Qt::CaseInsensitive));
    CHECK(cell(search, hit, SearchModel::LengthRole).toInt() > 0);
    find(QString::fromUtf8("蓝色"));
    CHECK(search.count() > 0);
    find("nobody has ever said this");
    CHECK(search.count() == 0);
    for (const char* typed : {"d", "di", "div", "divi", "ferry"}) search.setQuery(typed);
    REQUIRE(bench.wait([&] { return !search.searching(); }));
    CHECK(titles(search, SearchModel::TitleRole)
              .filter("Divisible")
              .isEmpty()); // what was typed on the way is dropped
    find("");
    CHECK(search.count() == 0);
}

TEST_CASE("a hit opens its conversation, turns to its version, and says where it is") {
    Filled bench("siblings");
    const qint64 chat = bench.chatAt(0);
    REQUIRE(bench.wait([&] { return bench.chat.chat() == chat; }));
    qint64 told = 0, offset = -1;
    QObject::connect(&bench.chat, &ChatController::hitWanted, &bench.chat,
                     [&](qint64 message, int, qint64 at, int) {
                         told = message;
                         offset = at;
                     });
    const auto messages = bench.stored(chat);
    const qint64 second = messages[1].id; // an answer that is not on the visible path
    bench.chat.newConversation();
    bench.chat.openHit(chat, second, int(SegmentChannel::Answer), 5, 3);
    REQUIRE(bench.wait([&] { return told == second; }));
    CHECK(offset == 5);
    CHECK(bench.questions().first().startsWith("Why is the product"));
    CHECK(bench.storedChat(chat).head != messages.back().id);
    told = 0;
    bench.chat.openHit(chat, messages[0].id, int(SegmentChannel::Question), 0, 3); // it is open
    CHECK(told == messages[0].id);
    bench.chat.openHit(4711, 1, 0, 0, 1);
    REQUIRE(bench.wait([&] { return bench.chat.notice()->shown(); }));
    CHECK(bench.chat.chat() == chat);
}
