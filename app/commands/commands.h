#pragma once
// Every act that has a name: its words, keys, icon and group, in one table. The window's shortcuts, the palette, the menus'
// hints and the sheet of keys are made from it; what an act does stands in ui/components/Actions.qml. GUI thread.

#include <QObject>
#include <QtQml/qqmlregistration.h>
#include <QVariantList>

namespace ponder::app {

class Commands : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    // {id, text, group, icon, keys: as Shortcut takes them, keyText: as people read them, shortcut: the window has it,
    // palette: it is offered there}
    Q_PROPERTY(QVariantList rows READ rows NOTIFY changed)
public:
    enum Id {
        // conversations
        NewConversation,
        NewTemporary,
        Palette,
        Find,
        Rename,
        Pin,
        Trash,
        ShowTrash,
        Export,
        Import,
        // answers
        Send,
        BreakLine,
        Stop,
        AnswerNow,
        EditLast,
        Regenerate,
        Continue,
        OlderVersion,
        NewerVersion,
        CopyAnswer,
        CopyThought,
        CopyCode,
        // reading
        ThisThought,
        AllThoughts,
        PreviousTurn,
        NextTurn,
        Statistics,
        // window
        OpenModel,
        Sidebar,
        Settings,
        Larger,
        Smaller,
        NormalSize,
        Keys,
        Quit
    };
    Q_ENUM(Id)

    explicit Commands(QObject* parent = nullptr) : QObject(parent) {}

    QVariantList rows() const;
    Q_INVOKABLE QString keyText(int id) const; // "Ctrl N"; empty: none
    void retranslate() { emit changed(); }

signals:
    void changed();
};

} // namespace ponder::app
