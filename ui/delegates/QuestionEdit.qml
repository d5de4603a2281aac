import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A question while it is rewritten, in its place. What is sent stands beside the old one, which is kept.
Item {
    id: editor
    required property RowData row
    function send() {
        const text = field.text.trim();
        if (text.length > 0 && row.actions.chat.editQuestion(row.message, text)) row.actions.endEdit();
    }
    implicitHeight: box.height + 8 + buttons.height
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Your question, rewritten")
    Rectangle {
        id: box
        width: parent.width
        height: Math.min(field.implicitHeight, 10 * Theme.answerLine) + 18
        radius: Theme.radiusLarge
        color: Theme.raised
        border.width: 2
        border.color: Theme.accent
    }
    ScrollView {
        anchors { fill: box; leftMargin: 16; rightMargin: 10; topMargin: 9; bottomMargin: 9 }
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        TextArea {
            id: field
            objectName: "questionField"
            padding: 0
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: Theme.answerSize
            background: null
            Accessible.name: qsTr("Your question, rewritten")
            Component.onCompleted: {
                text = editor.row.text;
                forceActiveFocus();
                cursorPosition = length;
            }
            Keys.onEscapePressed: editor.row.actions.endEdit()
            Keys.onPressed: (event) => {
                if (event.key !== Qt.Key_Return && event.key !== Qt.Key_Enter) return;
                if (event.modifiers & Qt.ShiftModifier) field.insert(field.cursorPosition, "\n");
                else editor.send();
                event.accepted = true;
            }
        }
    }
    RowLayout {
        id: buttons
        anchors { right: parent.right; top: box.bottom; topMargin: 8 }
        spacing: 8
        UiText {
            text: qsTr("The old question and its answers are kept")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
        }
        PushButton { text: qsTr("Cancel"); key: qsTr("Esc"); flat: true; onClicked: editor.row.actions.endEdit() }
        PushButton {
            primary: true
            text: qsTr("Ask")
            key: qsTr("Enter")
            enabled: field.text.trim().length > 0 && !editor.row.actions.chat.busy
            onClicked: editor.send()
        }
    }
}
