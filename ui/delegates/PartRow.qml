pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// A paragraph of an open thought: pencil beside its rule, and on the rule the kind of the step that begins here. A thought has
// hundreds of these rows, so there is little in one.
Item {
    id: part
    required property RowData row
    readonly property bool live: row.phase === ChatModel.Live && row.last
    readonly property bool step: row.step >= 0
    readonly property var icons: ["plan", "compute", "checkc", "back", "flag"]
    implicitHeight: edit.height
    StepRule { // it goes up to the part above, and makes room for the icon
        x: Theme.px(8)
        y: -part.row.gap
        width: Theme.px(2)
        height: part.height - y
        gapTop: part.row.gap + 2
        gapBottom: part.step ? part.row.gap + Theme.thoughtLine - 2 : 0
        color: Theme.thought
        opacity: 0.55
    }
    Icon {
        visible: part.step
        x: Theme.px(9) - size / 2
        y: Math.round((Theme.thoughtLine - size) / 2)
        size: Theme.px(15)
        name: part.step ? part.icons[part.row.step] : ""
        color: part.row.step === 4 ? Theme.accent : Theme.thought
        Accessible.role: Accessible.Graphic
        Accessible.name: part.step ? part.row.transcript.stepName(part.row.step) : ""
    }
    TextEdit {
        id: edit
        objectName: "thoughtText"
        x: Theme.px(30)
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
        Accessible.name: part.live ? qsTr("The end of the thought") : part.row.text // not read again for every word
        RowMarks { row: part.row; edit: edit }
        Loader { // by file: see TranscriptRow.qml
            id: caret
            source: part.live ? "ThoughtCaret.qml" : ""
        }
    }
    StreamText {
        document: edit.textDocument
        lineHeight: Theme.thoughtLine
        paragraphGap: 4
        text: part.row.text
        caret: caret.item as Item
    }
}
