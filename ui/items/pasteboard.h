#pragma once
// What could be pasted, known before it is: a text of a megabyte is refused with a sentence and never laid out. GUI thread.

#include <QClipboard>
#include <QGuiApplication>
#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Pasteboard : public QObject {
    Q_OBJECT
    QML_ELEMENT
public:
    using QObject::QObject;

    // selection: what is chosen in another window, where the platform has that (the middle button pastes it).
    Q_INVOKABLE int length(bool selection) const { return static_cast<int>(text(selection).size()); }
    Q_INVOKABLE QString text(bool selection) const {
        const QClipboard* board = QGuiApplication::clipboard();
        if (selection && !board->supportsSelection()) return {};
        return board->text(selection ? QClipboard::Selection : QClipboard::Clipboard);
    }
};

} // namespace ponder::ui
