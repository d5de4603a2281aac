pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// The text of a thought. tail: only its end, in a window of fixed height that follows it.
Item {
    id: body
    required property RowData row
    readonly property bool tail: row.phase === ChatModel.Live
    readonly property int tailHeight: 206
    height: (tail ? Math.min(tailHeight, edit.height) : edit.height) + 4
    clip: tail
    Behavior on height {
        enabled: !body.tail
        NumberAnimation { duration: Theme.slow; easing.type: Easing.OutCubic }
    }
    Rectangle { x: 8; width: 2; height: parent.height; color: Theme.thought; opacity: 0.7 }
    TextEdit {
        id: edit
        objectName: "thoughtText"
        x: 30
        y: body.tail ? Math.min(0, body.tailHeight - height) : 0
        width: parent.width - x
        readOnly: true
        selectByMouse: true
        textFormat: TextEdit.PlainText
        wrapMode: TextEdit.Wrap
        color: Theme.thoughtText
        selectionColor: Theme.thought
        selectedTextColor: Theme.bg
        font.family: Theme.sans
        font.pixelSize: Theme.thoughtSize
        Accessible.role: Accessible.Paragraph
        Accessible.name: qsTr("Thought")
    }
    StreamText {
        id: stream
        document: edit.textDocument
        lineHeight: Theme.thoughtLine
        paragraphGap: 10
    }
    Component.onCompleted: stream.set(body.row.text)
    Connections {
        target: body.row.transcript
        function onThoughtGrew(message: var, more: string): void {
            if (message === body.row.message) stream.append(more);
        }
    }
    Rectangle { // where the next word will stand
        readonly property rect end: edit.length >= 0 && edit.contentHeight >= 0 ? edit.positionToRectangle(edit.length) : Qt.rect(0, 0, 0, 0)
        visible: body.row.phase === ChatModel.Live
        x: edit.x + end.x + 3
        y: edit.y + end.y + 4
        width: 8
        height: 15
        radius: 2
        color: Theme.thought
    }
    Rectangle {
        visible: body.tail && edit.height > body.tailHeight
        x: 28
        width: parent.width - x
        height: 72
        gradient: Gradient {
            GradientStop { position: 0; color: Theme.bg }
            GradientStop { position: 1; color: Qt.rgba(Theme.bg.r, Theme.bg.g, Theme.bg.b, 0) }
        }
    }
}
