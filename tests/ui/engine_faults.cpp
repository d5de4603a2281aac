// The window's side of an engine in which the Nth Vulkan call fails: `engine_faults ENGINE MODEL [--every K] [--kinds
// lost,device_memory,host_memory]`. For each N a conversation is begun with the real engine process: load, ask, a few
// tokens, stop, ask again. Wherever the call fails, what was asked and said is in the database to the letter, exactly one
// notice says what happened, and the next question is answered. N grows until no call fails any more.

#include <cstdio>

#include <QCoreApplication>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "app/chat/chat_controller.h"
#include "app/engine_backend.h"

using namespace ponder;
using namespace ponder::app;

namespace {

constexpr int kWaitMs = 60'000;
constexpr int kTokens = 3;       // of an answer before it is stopped
constexpr int kUnharmed = 30;    // calls in a row that were never made: the run has no more
constexpr int kMostCalls = 5000; // far more than a short run makes

const QString kQuestion = QStringLiteral("How many roads?");

// Knows which request is the question's: titles are generated too.
class WatchedBackend final : public EngineBackend {
public:
    using EngineBackend::EngineBackend;
    const std::string& asked() const { return m_asked; }

protected:
    void submit(const protocol::Request& request) override {
        const auto* generate = std::get_if<protocol::GenerateRequest>(&request.body);
        if (generate && generate->messages.back().content == kQuestion.toStdString()) m_asked = request.id;
        EngineBackend::submit(request);
    }

private:
    std::string m_asked;
};

struct Outcome {
    bool failed = false; // the window had something to tell
    QString wrong;       // empty: as it must be
    QString said;        // the notice
};

class Run {
public:
    Run(const QString& engine, const QString& model, const QString& fault)
        : m_model(model), m_backend(options(engine)), m_loader(m_backend, m_store),
          m_chat(m_backend, m_store, m_loader) {
        m_store.open(m_folder.filePath(QStringLiteral("ponder.db")));
        QObject::connect(&m_backend, &ChatBackend::happened, [this](const protocol::Event& event) {
            const auto* token = std::get_if<protocol::TokenEvent>(&event.body);
            // What comes later than the window waits for an engine that was told to stop is not of the answer.
            if (token && event.id == m_backend.asked() && m_chat.busy()) {
                m_heard += QString::fromStdString(token->text);
                ++m_tokens;
            }
        });
        qputenv("PONDER_FAIL_VULKAN_CALL", fault.toLatin1());
        m_backend.start();
        qunsetenv("PONDER_FAIL_VULKAN_CALL"); // an engine that is started again is sound
    }

    Outcome go() {
        Outcome outcome;
        for (int attempt = 0; attempt < 4; ++attempt) {
            if (m_loader.status() != ModelLoader::Loaded) {
                m_loader.open(m_model);
                if (!wait([&] { return m_loader.status() == ModelLoader::Loaded || told(); }))
                    return wrong(outcome, "loading never ends");
                if (m_loader.status() != ModelLoader::Loaded) {
                    if (!note(outcome)) return outcome;
                    continue;
                }
            }
            m_heard.clear();
            m_tokens = 0;
            if (!m_chat.ask(kQuestion)) return wrong(outcome, "the question is refused");
            if (!wait([&] { return m_tokens >= kTokens || !m_chat.busy(); }))
                return wrong(outcome, "no token comes");
            m_chat.stop();
            if (!wait([&] { return !m_chat.busy(); })) return wrong(outcome, "the answer never ends");
            if (const QString text = stored(); text != m_heard)
                return wrong(outcome, QStringLiteral("\"%1\" was heard, \"%2\" is stored").arg(m_heard, text));
            // The model may end an answer before it is stopped, even at its first token.
            const bool answered =
                m_state != MessageState::Error && m_state != MessageState::Interrupted && !told();
            if (m_chat.chat() == 0) return wrong(outcome, "the conversation was not begun");
            if (!answered) {
                if (!note(outcome)) return outcome;
                // The engine may be on its way up again, its model with it.
                if (!wait([&] { return !m_loader.isBusy(); }))
                    return wrong(outcome, "the engine does not come back");
            }
            // Asked twice at least: the second time in an engine that has worked, or failed, before.
            if (answered && attempt > 0) return outcome;
        }
        return wrong(outcome, "four attempts did not bring an answer");
    }

private:
    static EngineOptions options(const QString& engine) {
        EngineOptions options;
        options.program = engine;
        return options;
    }
    template <typename Predicate>
    bool wait(Predicate predicate) {
        return QTest::qWaitFor(predicate, kWaitMs);
    }
    Outcome wrong(Outcome outcome, const QString& what) {
        outcome.wrong = what;
        return outcome;
    }
    QStringList notices() {
        QStringList all;
        for (Notice* notice : {m_loader.notice(), m_chat.notice()})
            if (notice->shown()) all << notice->title() + QStringLiteral(": ") + notice->text();
        ChatModel* transcript = m_chat.transcript();
        for (int row = m_rowsTold; row < transcript->count(); ++row)
            if (transcript->data(transcript->index(row), ChatModel::KindRole).toInt() == ChatModel::NoticeRow)
                all << transcript->data(transcript->index(row), ChatModel::TextRole).toString();
        return all;
    }
    bool told() { return !notices().isEmpty(); }
    // Exactly one notice, and it is taken away as its reader would.
    bool note(Outcome& outcome) {
        if (!wait([&] { return told(); })) {
            outcome.wrong = QStringLiteral("nothing was said");
            return false;
        }
        const QStringList all = notices();
        outcome.failed = true;
        outcome.said = all.join(QStringLiteral(" | "));
        if (all.size() != 1) outcome.wrong = QStringLiteral("%1 notices").arg(all.size());
        m_loader.notice()->dismiss();
        m_chat.notice()->dismiss();
        m_rowsTold = m_chat.transcript()->count();
        return outcome.wrong.isEmpty();
    }
    // The text of the last answer as the database has it; the questions are looked at, too.
    QString stored() {
        std::optional<QString> text;
        m_state = MessageState::Error;
        m_store.run(
            &m_chat, [chat = m_chat.chat()](ConversationStore& store) { return store.messages(chat); },
            [&](Result<std::vector<MessageRecord>> messages) {
                text = QString();
                if (!messages.ok()) return;
                for (const MessageRecord& message : *messages) {
                    if (message.role == Role::User && textOf(message, SegmentChannel::Question) != kQuestion)
                        text = QStringLiteral("(a question is lost)");
                    if (message.id != messages->back().id || message.role != Role::Assistant) continue;
                    m_state = message.state;
                    text = textOf(message, SegmentChannel::Thought) + textOf(message, SegmentChannel::Answer);
                }
            });
        wait([&] { return text.has_value(); });
        return text.value_or(QStringLiteral("(the store does not answer)"));
    }

    QTemporaryDir m_folder;
    QString m_model;
    StoreThread m_store;
    WatchedBackend m_backend;
    ModelLoader m_loader;
    ChatController m_chat;
    MessageState m_state = MessageState::Error; // of the last answer, as stored
    QString m_heard;                            // of the answer under way
    int m_tokens = 0;
    int m_rowsTold = 0; // rows of the transcript whose notices were seen
};

QString valueOf(const QStringList& arguments, const QString& name, const QString& otherwise) {
    const qsizetype at = arguments.indexOf(name);
    return at >= 0 && at + 1 < arguments.size() ? arguments[at + 1] : otherwise;
}

} // namespace

int main(int argc, char** argv) {
    QGuiApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3) {
        std::fprintf(stderr,
                     "usage: engine_faults ENGINE MODEL [--every K] [--from N] [--kinds KIND,…] [--each]\n");
        return 2;
    }
    const int every = valueOf(arguments, "--every", "1").toInt();
    const QStringList kinds = valueOf(arguments, "--kinds", "lost,device_memory,host_memory").split(',');
    const bool each = arguments.contains("--each"); // every N with every kind, not the kinds in turn
    int failures = 0, told = 0, runs = 0, unharmed = 0;
    int n = valueOf(arguments, "--from", "1").toInt();
    for (int turn = 0; unharmed * every < kUnharmed && n < kMostCalls; n += every, ++turn) {
        bool harmed = false;
        for (qsizetype k = 0; k < (each ? kinds.size() : 1); ++k) {
            const QString fault = QStringLiteral("%1:%2").arg(n).arg(kinds[(turn + k) % kinds.size()]);
            const Outcome outcome = Run(arguments[1], arguments[2], fault).go();
            ++runs;
            told += outcome.failed;
            harmed = harmed || outcome.failed;
            if (outcome.wrong.isEmpty()) continue;
            ++failures;
            std::printf("FAIL call %s: %s; said: %s\n", qPrintable(fault), qPrintable(outcome.wrong),
                        qPrintable(outcome.said));
            std::fflush(stdout);
        }
        unharmed = harmed ? 0 : unharmed + 1;
    }
    std::printf("%d runs up to call %d: %d told of a failure, %d of them wrongly\n", runs, n - every, told,
                failures);
    return failures > 0 || told == 0 ? 1 : 0;
}
