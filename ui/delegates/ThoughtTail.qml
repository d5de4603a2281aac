pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// The end of a thought in a window of fixed height that follows it, faded above. It holds no more than it shows.
Item {
    id: tail
    required property RowData row
    readonly property int window: Theme.px(206)
    implicitHeight: Math.min(window, edit.height)
    clip: true
    Rectangle { x: Theme.px(8); width: Theme.px(2); height: parent.height; color: Theme.thought; opacity: 0.7 }
    TextEdit {
        id: edit
        objectName: "thoughtText"
        x: Theme.px(30)
        y: Math.min(0, tail.window - height)
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
        Accessible.name: qsTr("The end of the thought")
        ThoughtCaret { id: caret; visible: tail.row.phase === ChatModel.Live }
    }
    StreamText {
        id: stream
        document: edit.textDocument
        lineHeight: Theme.thoughtLine
        paragraphGap: 10
        limit: 3000
        transcript: tail.row.transcript
        message: tail.row.message
        caret: caret
    }
    function begin() { stream.set(row.transcript.thoughtTail(row.index)); }
    Component.onCompleted: begin()
    Connections {
        target: tail.row
        function onReused() { tail.begin(); }
    }
    Rectangle {
        visible: edit.height > tail.window
        x: edit.x - 2
        width: parent.width - x
        height: Theme.px(72)
        gradient: Gradient {
            GradientStop { position: 0; color: Theme.bg }
            GradientStop { position: 1; color: Qt.rgba(Theme.bg.r, Theme.bg.g, Theme.bg.b, 0) }
        }
    }
}
