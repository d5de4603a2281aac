#include "app/commands/commands.h"

#include <QCoreApplication>
#include <QKeySequence>
#include <QVariantMap>

namespace ponder::app {

namespace {

enum Where { Everywhere, Elsewhere }; // Elsewhere: whoever has the keyboard's focus handles its keys

struct Row {
    Commands::Id id;
    const char* keys; // several are parted by a space
    const char* icon;
    const char* group;
    const char* text;
    Where where = Everywhere;
    bool offered = true; // in the palette
};

constexpr const char* kConversations = QT_TRANSLATE_NOOP("Commands", "Conversations");
constexpr const char* kAnswers = QT_TRANSLATE_NOOP("Commands", "Questions and answers");
constexpr const char* kReading = QT_TRANSLATE_NOOP("Commands", "Reading");
constexpr const char* kWindow = QT_TRANSLATE_NOOP("Commands", "Window");

const Row kRows[] = {
    {Commands::NewConversation, "Ctrl+N", "plus", kConversations,
     QT_TRANSLATE_NOOP("Commands", "New conversation")},
    {Commands::NewTemporary, "Ctrl+Shift+N", "clock", kConversations,
     QT_TRANSLATE_NOOP("Commands", "New temporary conversation")},
    {Commands::Palette, "Ctrl+K", "search", kConversations,
     QT_TRANSLATE_NOOP("Commands", "Search and commands"), Everywhere, false},
    {Commands::Find, "Ctrl+F", "search", kConversations,
     QT_TRANSLATE_NOOP("Commands", "Find in this conversation")},
    {Commands::Rename, "F2", "edit", kConversations, QT_TRANSLATE_NOOP("Commands", "Rename the conversation")},
    {Commands::Pin, "", "pin", kConversations, QT_TRANSLATE_NOOP("Commands", "Pin or unpin the conversation")},
    {Commands::Trash, "Ctrl+Del", "trash", kConversations,
     QT_TRANSLATE_NOOP("Commands", "Move the conversation to the trash"), Elsewhere},
    {Commands::ShowTrash, "", "trash", kConversations, QT_TRANSLATE_NOOP("Commands", "Show the trash")},
    {Commands::Export, "Ctrl+E", "export", kConversations,
     QT_TRANSLATE_NOOP("Commands", "Export the conversation")},
    {Commands::Import, "", "drop", kConversations, QT_TRANSLATE_NOOP("Commands", "Import conversations")},

    {Commands::Send, "Return Ctrl+Return", "send", kAnswers,
     QT_TRANSLATE_NOOP("Commands", "Send the question"), Elsewhere, false},
    {Commands::BreakLine, "Shift+Return", "", kAnswers, QT_TRANSLATE_NOOP("Commands", "Break the line"),
     Elsewhere, false},
    {Commands::Stop, "Esc", "stop", kAnswers, QT_TRANSLATE_NOOP("Commands", "Stop answering or loading"),
     Everywhere, false},
    {Commands::AnswerNow, "Ctrl+Return Ctrl+Enter", "think", kAnswers,
     QT_TRANSLATE_NOOP("Commands", "Cut the thought short and answer now"), Everywhere, false},
    {Commands::EditLast, "Up", "edit", kAnswers, QT_TRANSLATE_NOOP("Commands", "Edit the last question"),
     Elsewhere, false},
    {Commands::Regenerate, "Ctrl+R", "redo", kAnswers, QT_TRANSLATE_NOOP("Commands", "Answer again")},
    {Commands::Continue, "", "right", kAnswers, QT_TRANSLATE_NOOP("Commands", "Continue the answer")},
    {Commands::OlderVersion, "Alt+Left", "left", kAnswers, QT_TRANSLATE_NOOP("Commands", "Previous version")},
    {Commands::NewerVersion, "Alt+Right", "right", kAnswers, QT_TRANSLATE_NOOP("Commands", "Next version")},
    {Commands::CopyAnswer, "Ctrl+Shift+C", "copy", kAnswers,
     QT_TRANSLATE_NOOP("Commands", "Copy the last answer")},
    {Commands::CopyThought, "", "copy", kAnswers, QT_TRANSLATE_NOOP("Commands", "Copy the last thought")},
    {Commands::CopyCode, "Ctrl+Shift+;", "copy", kAnswers,
     QT_TRANSLATE_NOOP("Commands", "Copy the last code")},

    {Commands::ThisThought, "Ctrl+T", "think", kReading,
     QT_TRANSLATE_NOOP("Commands", "Open or shut the last thought")},
    {Commands::AllThoughts, "Ctrl+Shift+T", "think", kReading,
     QT_TRANSLATE_NOOP("Commands", "Open or shut all thoughts")},
    {Commands::PreviousTurn, "Alt+Up", "up", kReading, QT_TRANSLATE_NOOP("Commands", "Previous question")},
    {Commands::NextTurn, "Alt+Down", "down", kReading, QT_TRANSLATE_NOOP("Commands", "Next question")},
    {Commands::Statistics, "", "stats", kReading,
     QT_TRANSLATE_NOOP("Commands", "Statistics of the last answer")},

    {Commands::OpenModel, "Ctrl+O", "file", kWindow, QT_TRANSLATE_NOOP("Commands", "Open a model")},
    {Commands::Sidebar, "Ctrl+B", "sidebar", kWindow,
     QT_TRANSLATE_NOOP("Commands", "Show or hide the sidebar")},
    {Commands::Settings, "Ctrl+,", "gear", kWindow, QT_TRANSLATE_NOOP("Commands", "Settings")},
    {Commands::Larger, "Ctrl++ Ctrl+=", "plus", kWindow, QT_TRANSLATE_NOOP("Commands", "Larger text")},
    {Commands::Smaller, "Ctrl+-", "down", kWindow, QT_TRANSLATE_NOOP("Commands", "Smaller text")},
    {Commands::NormalSize, "Ctrl+0", "sun", kWindow, QT_TRANSLATE_NOOP("Commands", "Text at 100 %")},
    {Commands::Keys, "F1 Ctrl+/", "key", kWindow, QT_TRANSLATE_NOOP("Commands", "Keys")},
    {Commands::Quit, "Ctrl+Q", "x", kWindow, QT_TRANSLATE_NOOP("Commands", "Quit")},
};

QString translated(const char* text) { return QCoreApplication::translate("Commands", text); }

// "Ctrl+Shift+C" as keys are printed: "Ctrl Shift C". Names of keys in the language of the window come from Qt.
QString readable(const QString& keys) {
    QString text = QKeySequence(keys, QKeySequence::PortableText).toString(QKeySequence::NativeText);
    const bool plus = text.endsWith(QLatin1String("++"));
    text.replace(QLatin1Char('+'), QLatin1Char(' '));
    return plus ? text.chopped(1) + QLatin1Char('+') : text;
}

} // namespace

QVariantList Commands::rows() const {
    QVariantList all;
    for (const Row& row : kRows) {
        const QStringList keys = QString::fromLatin1(row.keys).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        QStringList shown;
        for (const QString& sequence : keys) shown << readable(sequence);
        all.append(QVariantMap{{QStringLiteral("id"), int{row.id}},
                               {QStringLiteral("text"), translated(row.text)},
                               {QStringLiteral("group"), translated(row.group)},
                               {QStringLiteral("icon"), QString::fromLatin1(row.icon)},
                               {QStringLiteral("keys"), keys},
                               {QStringLiteral("keyText"), shown},
                               {QStringLiteral("shortcut"), row.where == Everywhere && !keys.isEmpty()},
                               {QStringLiteral("palette"), row.offered}});
    }
    return all;
}

QString Commands::keyText(int id) const {
    for (const Row& row : kRows)
        if (row.id == id) return readable(QString::fromLatin1(row.keys).section(QLatin1Char(' '), 0, 0));
    return {};
}

} // namespace ponder::app
