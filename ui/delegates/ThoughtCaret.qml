import QtQuick
import Ponder.Ui

// Where the next word of a thought will stand.
Rectangle {
    required property TextEdit edit
    readonly property rect end: visible && edit.length >= 0 && edit.contentHeight >= 0 ? edit.positionToRectangle(edit.length) : Qt.rect(0, 0, 0, 0)
    x: edit.x + end.x + 3
    y: edit.y + end.y + 4
    width: 8
    height: 15
    radius: 2
    color: Theme.thought
    Accessible.ignored: true
}
