#include "tests/support/make_library.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <QDateTime>

namespace ponder::app::testing {

namespace {

// Words with the frequencies of a language: the k-th most frequent one stands about 1/k as often as the first.
class Writer {
public:
    explicit Writer(quint32 seed) : m_random(seed) {
        constexpr std::array kSyllables{"re", "son", "in", "ta", "mo", "del", "ve", "li", "qua", "ter",
                                        "no", "pre", "cu", "be", "ro", "wi",  "th", "ga", "sto", "phi"};
        for (const char* frequent : {"the", "of", "and", "to", "so", "is", "we", "that", "wait", "let", "me"})
            m_words.emplace_back(frequent);
        while (m_words.size() < 20'000) {
            QByteArray word;
            for (size_t i = 0, n = 2 + m_random() % 3; i < n; ++i)
                word += kSyllables[m_random() % kSyllables.size()];
            m_words.push_back(word);
        }
        for (size_t k = 0; k < m_words.size(); ++k) m_frequency.push_back(1.0 / static_cast<double>(k + 1));
        m_word = std::discrete_distribution<size_t>(m_frequency.begin(), m_frequency.end());
    }

    QByteArray english(qsizetype bytes) {
        QByteArray text;
        while (text.size() < bytes) {
            text += m_words[m_word(m_random)];
            text += m_random() % 12 == 0 ? ".\n" : " ";
        }
        return text;
    }

    QByteArray chinese(qsizetype bytes) {
        QByteArray text;
        while (text.size() < bytes) { // 3 bytes each: 3,500 characters in use, the first of them most
            const auto rank =
                static_cast<int>(3500 * std::pow(static_cast<double>(m_random() % 100'000) / 1e5, 3));
            text += QString(QChar(static_cast<char16_t>(0x4E00 + rank))).toUtf8();
            if (m_random() % 15 == 0) text += "，";
        }
        return text;
    }

    quint32 below(quint32 limit) { return static_cast<quint32>(m_random()) % limit; }

private:
    std::mt19937 m_random;
    std::vector<QByteArray> m_words;
    std::vector<double> m_frequency;
    std::discrete_distribution<size_t> m_word;
};

} // namespace

Result<void> makeLibrary(ConversationStore& store, const LibrarySize& size) {
    Database& database = store.database();
    Writer writer(size.seed);
    const qint64 nowMs = QDateTime::currentMSecsSinceEpoch();
    const int perChat = std::max(1, size.messages / std::max(1, size.chats));
    const qint64 perMessage = std::max<qint64>(8, size.bytes / std::max(1, size.messages));

    RETURN_IF_ERROR(database.execute("PRAGMA synchronous=OFF; BEGIN IMMEDIATE"));
    ASSIGN_OR_RETURN(Statement begin,
                     database.prepare("INSERT INTO chat (title, created, updated) VALUES (?, ?, ?)"));
    ASSIGN_OR_RETURN(
        Statement message,
        database.prepare("INSERT INTO message (chat, parent, role, model_name, state, stats, created) "
                         "VALUES (?, nullif(?, 0), ?, ?, 'done', '{\"contextUsed\":900}', ?)"));
    ASSIGN_OR_RETURN(
        Statement segment,
        database.prepare("INSERT INTO segment (message, idx, channel, text, ids, t_start, t_end, tokens) "
                         "VALUES (?, ?, ?, ?, x'', ?, ?, ?)"));
    ASSIGN_OR_RETURN(Statement head, database.prepare("UPDATE chat SET head_message = ? WHERE id = ?"));
    const auto write = [&](qint64 to, qint64 index, const char* channel, qint64 bytes,
                           qint64 time) -> Result<void> {
        const QByteArray text = writer.below(4) == 0 ? writer.chinese(bytes) : writer.english(bytes);
        segment.bind(1, to).bind(2, index).bindText(3, channel).bindText(4, text);
        return segment.bind(5, time).bind(6, time + 1000).bind(7, static_cast<qint64>(text.size() / 4)).run();
    };
    for (int c = 0; c < size.chats; ++c) {
        // The last ones are today's; the others go back for years.
        const qint64 time = nowMs - qint64{size.chats - 1 - c} * 3 * 3'600'000;
        RETURN_IF_ERROR(begin.bindText(1, writer.english(24).simplified()).bind(2, time).bind(3, time).run());
        const qint64 chat = database.lastInsertId();
        qint64 parent = 0;
        for (int m = 0; m < perChat; ++m) {
            const bool asks = m % 2 == 0;
            message.bind(1, chat).bind(2, parent).bindText(3, asks ? "user" : "assistant");
            RETURN_IF_ERROR(message.bindText(4, asks ? "" : "R1 Distill Qwen 7B").bind(5, time).run());
            parent = database.lastInsertId();
            // A question is short, an answer half thought.
            const qint64 bytes = asks ? perMessage / 5 : perMessage * 9 / 5;
            if (asks) {
                RETURN_IF_ERROR(write(parent, 0, "question", bytes, time));
            } else {
                RETURN_IF_ERROR(write(parent, 0, "thought", bytes * 2 / 3, time));
                RETURN_IF_ERROR(write(parent, 1, "answer", bytes / 3, time));
            }
        }
        RETURN_IF_ERROR(head.bind(1, parent).bind(2, chat).run());
    }
    return database.execute(
        "INSERT OR REPLACE INTO upkeep VALUES "
        "('titles_from', (SELECT max(id) + 1 FROM chat)), "
        "('messages_from', (SELECT max(id) + 1 FROM message)); COMMIT; PRAGMA synchronous=FULL");
}

} // namespace ponder::app::testing
