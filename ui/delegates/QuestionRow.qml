import QtQuick
import Ponder.Ui

// A question in its bubble, and under it, on hover or focus, what can be done with it. The place of the actions is kept.
Item {
    id: question
    required property RowData row
    readonly property bool editing: row.actions.editing !== 0 && row.actions.editing === row.message
    // A pasted book is shown by its beginning: laying it all out would take the window's breath away.
    readonly property int beginning: 3000
    property int limit: beginning
    readonly property bool cut: row.text.length > limit
    readonly property string shownText: cut ? row.text.substring(0, limit) : row.text
    readonly property bool revealed: hover.hovered || group.activeFocus
    implicitHeight: editing ? (editor.item as Item).implicitHeight + 8 : bubble.height + 2 + Theme.px(22)
    Connections {
        target: question.row
        function onReused() { question.limit = question.beginning; }
    }
    Connections { // a hit further down
        target: question.row.transcript.find
        function onCurrentChanged() {
            const find = question.row.transcript.find;
            if (find.currentRow === question.row.index && find.currentStart > question.limit - 100)
                question.limit = find.currentStart + 1000;
        }
    }
    HoverHandler { id: hover }

    Rectangle {
        id: bubble
        visible: !question.editing
        anchors.right: parent.right
        width: Math.min(Theme.questionWidth, parent.width, measure.implicitWidth + 33)
        height: edit.height + 18 + (more.visible ? more.height : 0)
        radius: Theme.radiusLarge
        color: Theme.bubble
        border.width: Theme.highContrast ? 2 : 0
        border.color: Theme.border
        Accessible.role: Accessible.Grouping
        Accessible.name: qsTr("You asked")
        Text {
            id: measure
            visible: false
            textFormat: Text.PlainText
            text: question.shownText.substring(0, 400)
            font: edit.font
            Accessible.ignored: true
        }
        TextEdit {
            id: edit
            objectName: "questionText"
            x: 16
            y: 8 - Theme.px(2) // a line has its room above
            width: bubble.width - 32
            readOnly: true
            selectByMouse: true
            textFormat: TextEdit.RichText
            wrapMode: TextEdit.Wrap
            text: Theme.rich(Theme.escaped(question.shownText), Theme.answerSize, Theme.answerLine)
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: Theme.answerSize
            Accessible.role: Accessible.Paragraph
            Accessible.name: question.shownText
            RowMarks { row: question.row; edit: edit }
        }
        PushButton {
            id: more
            visible: question.cut
            anchors { left: parent.left; leftMargin: 6; bottom: parent.bottom; bottomMargin: 4 }
            flat: true
            text: qsTr("Show more of %1 characters").arg(question.row.text.length.toLocaleString(Qt.locale(), "f", 0))
            onClicked: question.limit += 4 * question.beginning
        }
    }
    FocusScope {
        id: group
        visible: !question.editing
        anchors { right: parent.right; top: bubble.bottom; topMargin: 2 }
        width: buttons.width
        height: Theme.px(22)
        opacity: question.revealed || question.row.siblings > 1 ? 1 : 0
        Behavior on opacity { NumberAnimation { duration: Theme.quick } }
        Row {
            id: buttons
            spacing: 2
            IconButton {
                objectName: "editQuestion"
                implicitWidth: Theme.px(26)
                implicitHeight: Theme.px(22)
                opacity: question.revealed ? 1 : 0
                icon_: "edit"
                iconSize: 14
                enabled: !question.row.actions.chat.busy
                text: qsTr("Edit the question")
                onClicked: question.row.actions.edit(question.row.message)
            }
            IconButton {
                objectName: "copyQuestion"
                implicitWidth: Theme.px(26)
                implicitHeight: Theme.px(22)
                opacity: question.revealed ? 1 : 0
                icon_: "copy"
                iconSize: 14
                text: qsTr("Copy the question")
                onClicked: question.row.actions.chat.copyBlock(question.row.index)
            }
            SiblingSwitch { row: question.row; size: Theme.px(22) }
        }
    }
    Loader {
        id: editor
        width: parent.width
        // By file: see TranscriptRow.qml.
        readonly property bool wanted: question.editing
        onWantedChanged: if (wanted) setSource("QuestionEdit.qml", { row: question.row }); else source = ""
        Component.onCompleted: if (wanted) setSource("QuestionEdit.qml", { row: question.row })
    }
}
