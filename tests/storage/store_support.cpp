#include "tests/storage/store_support.h"

#include <QDirIterator>
#include <QFile>

#include "app/storage/tokenizer.h"

namespace ponder::app::testing {

ConversationStore opened(const QString& path) {
    auto store = ConversationStore::open(path);
    if (!store.ok()) FAIL(store.error().message);
    return std::move(store).value();
}

Segment thoughtOf(const QString& text) {
    return {SegmentChannel::Thought, text, {7, 8, -9, INT32_MAX}, 10, 20, 4};
}

Exchange exchange(ConversationStore& store, const QString& question, const QString& thought,
                  const QString& answer, const QString& title, qint64 chat, qint64 parent) {
    const auto added = store.addQuestion(chat, parent, question, title);
    REQUIRE(added.ok());
    MessageRecord message;
    message.chat = added->chat;
    message.id = *store.beginAnswer(added->chat, added->message, "Model", R"({"seed":"1"})");
    message.segments = {thoughtOf(thought), {SegmentChannel::Answer, answer, {1, 2}, 20, 30, 2}};
    message.state = MessageState::Done;
    REQUIRE(store.finishAnswer(message).ok());
    return {added->chat, added->message, message.id};
}

void checkSound(ConversationStore& store) {
    auto quick = store.database().prepare("PRAGMA quick_check");
    REQUIRE(quick.ok());
    REQUIRE(*quick->step());
    CHECK(quick->text(0) == "ok");
    auto keys = store.database().prepare("PRAGMA foreign_key_check");
    REQUIRE(keys.ok());
    CHECK(!*keys->step());
}

namespace {

void expect(ConversationStore& store, QStringList& lines, qint64 row, const char* column,
            const QByteArray& text) {
    int position = -1;
    REQUIRE(eachToken(store.database().connection(), text, TokenUse::Index, [&](const Token& token) {
                if (!token.beside) ++position;
                lines << QStringLiteral("%1 %2 %3 %4")
                             .arg(row)
                             .arg(QLatin1String(column))
                             .arg(position)
                             .arg(QString::fromUtf8(token.text.data(),
                                                    static_cast<qsizetype>(token.text.size())));
                return true;
            }).ok());
}

} // namespace

void checkIndexInStep(ConversationStore& store) {
    Database& database = store.database();
    QStringList wanted, there;
    auto titles = database.prepare("SELECT id, title FROM chat");
    while (*titles->step()) expect(store, wanted, -titles->integer(0), "title", titles->blob(1));
    auto texts = database.prepare(
        "SELECT m.id, CASE s.channel WHEN 'thought' THEN 'thought' WHEN 'answer' THEN 'answer' WHEN 'tool' "
        "THEN 'answer' "
        "ELSE 'question' END AS part, group_concat(s.text, char(10)) FROM message m JOIN (SELECT * FROM "
        "segment ORDER BY "
        "message, idx) s ON s.message = m.id WHERE m.state <> 'streaming' GROUP BY m.id, part");
    REQUIRE(texts.ok());
    while (*texts->step())
        expect(store, wanted, texts->integer(0), texts->blob(1).constData(), texts->blob(2));
    REQUIRE(
        database
            .execute(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab('main', 'search', 'instance')")
            .ok());
    auto words = database.prepare("SELECT doc, col, offset, term FROM temp.words");
    REQUIRE(words.ok());
    while (*words->step())
        there << QStringLiteral("%1 %2 %3 %4")
                     .arg(words->integer(0))
                     .arg(words->text(1))
                     .arg(words->integer(2))
                     .arg(words->text(3));
    wanted.sort();
    there.sort();
    CHECK(there.size() == wanted.size());
    CHECK(there == wanted);
}

QString textIn(const MessageRecord& message, SegmentChannel channel) {
    QString text;
    for (const Segment& segment : message.segments)
        if (segment.channel == channel) text += segment.text;
    return text;
}

QStringList found(ConversationStore& store, const QString& typed, int limit) {
    const auto hits = store.search(parseSearchQuery(typed), limit);
    if (!hits.ok()) FAIL(hits.error().message);
    QStringList lines;
    for (const SearchHit& hit : *hits) {
        const char* channel = hit.inTitle                              ? "title"
                              : hit.channel == SegmentChannel::Thought ? "thought"
                              : hit.channel == SegmentChannel::Answer  ? "answer"
                                                                       : "question";
        QStringList marked;
        for (const auto& [begin, length] : hit.marks) marked << hit.snippet.mid(begin, length);
        lines << QStringLiteral("%1 %2 %3").arg(QLatin1String(channel)).arg(hit.offset).arg(marked.join('|'));
        // The place is where it says it is, in the text as the window has it.
        if (hit.inTitle) {
            CHECK(hit.offset + hit.length <= hit.title.size());
        } else if (hit.length > 0) {
            const auto messages = store.messages(hit.chat);
            for (const MessageRecord& message : *messages) {
                if (message.id != hit.message) continue;
                REQUIRE(!hit.marks.empty());
                QString place = textIn(message, hit.channel).mid(hit.offset, hit.length);
                for (QChar& c : place)
                    if (c.isSpace()) c = ' ';
                CHECK(hit.snippet.contains(place));
            }
        }
    }
    return lines;
}

QStringList filesWith(const QString& folder, const QByteArray& bytes) {
    QStringList files;
    QDirIterator all(folder, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        REQUIRE(file.open(QIODevice::ReadOnly));
        if (file.readAll().contains(bytes)) files << QFileInfo(file).fileName();
    }
    return files;
}

} // namespace ponder::app::testing
