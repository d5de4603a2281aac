import QtQuick
import Ponder.Ui

Item {
    id: question
    required property RowData row
    implicitHeight: bubble.height
    Rectangle {
        id: bubble
        anchors.right: parent.right
        width: Math.min(Theme.questionWidth, parent.width, measure.implicitWidth + 33)
        height: edit.height + 18
        radius: Theme.radiusLarge
        color: Theme.bubble
        Accessible.role: Accessible.Grouping
        Accessible.name: qsTr("You asked")
        Text {
            id: measure
            visible: false
            textFormat: Text.PlainText
            text: question.row.text
            font: edit.font
            Accessible.ignored: true
        }
        TextEdit {
            id: edit
            x: 16
            y: 8
            width: bubble.width - 32
            readOnly: true
            selectByMouse: true
            textFormat: TextEdit.RichText
            wrapMode: TextEdit.Wrap
            text: Theme.rich(Theme.escaped(question.row.text), Theme.answerSize, Theme.answerLine)
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: Theme.answerSize
            Accessible.role: Accessible.Paragraph
            Accessible.name: question.row.text
        }
    }
}
