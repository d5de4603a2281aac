pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// A paragraph of an open thought: pencil beside its rule, and on the rule the kind of the step that begins here.
Item {
    id: part
    required property RowData row
    readonly property bool live: row.phase === ChatModel.Live && following.last
    readonly property var icons: ["plan", "compute", "checkc", "back", "flag"]
    implicitHeight: edit.height
    QtObject { // whether nothing of the thought follows; the row below is then of the answer or there is none
        id: following
        readonly property bool last: part.row.last
    }
    Rectangle { // the rule goes up to the part above, and makes room for the icon
        x: 8
        y: -part.row.gap
        width: 2
        height: part.row.gap + (icon.visible ? 2 : 0)
        color: Theme.thought
        opacity: 0.55
    }
    Rectangle {
        x: 8
        y: icon.visible ? Theme.thoughtLine - 2 : 0
        width: 2
        height: parent.height - y
        color: Theme.thought
        opacity: 0.55
    }
    Icon {
        id: icon
        visible: part.row.step >= 0
        x: 9 - size / 2
        y: Math.round((Theme.thoughtLine - size) / 2)
        size: 15
        name: visible ? part.icons[part.row.step] : ""
        color: part.row.step === 4 ? Theme.accent : Theme.thought
        Accessible.role: Accessible.Graphic
        Accessible.name: visible ? part.row.transcript.stepName(part.row.step) : ""
    }
    TextEdit {
        id: edit
        objectName: "thoughtText"
        x: 30
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
        Accessible.name: part.row.text
        RowMarks { row: part.row; edit: edit }
    }
    StreamText {
        document: edit.textDocument
        lineHeight: Theme.thoughtLine
        paragraphGap: 4
        text: part.row.text
    }
    ThoughtCaret { visible: part.live; edit: edit }
}
