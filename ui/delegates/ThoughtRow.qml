import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The thought: one line that says how it goes or went, and below it, while open, its text; live only its end, faded above.
Item {
    id: thought
    required property RowData row
    readonly property bool live: row.phase === ChatModel.Live
    readonly property bool finished: row.phase === ChatModel.Finished
    implicitHeight: head.height + (body.item ? body.height + 6 : 0)

    AbstractButton {
        id: head
        x: -8
        width: thought.width + 8
        height: 32
        enabled: thought.live || thought.finished
        focusPolicy: Qt.TabFocus
        text: thought.row.label
        Accessible.name: thought.row.label + (thought.finished ? (thought.row.open ? qsTr(", open") : qsTr(", shut")) : "")
        Accessible.role: Accessible.Button
        onClicked: thought.row.transcript.toggleThought(thought.row.index)
        background: Rectangle {
            radius: Theme.radius
            color: head.hovered && head.enabled ? Theme.hover : "transparent"
            FocusRing { target: head; visible: head.visualFocus }
        }
        RowLayout {
            anchors.fill: parent
            spacing: 8
            Icon {
                Layout.leftMargin: 8
                size: 16
                name: thought.live ? "think" : thought.finished ? (thought.row.open ? "down" : "right") : "clock"
                color: thought.live || thought.finished ? Theme.thought : Theme.muted
            }
            UiText {
                id: word
                text: thought.row.label
                font.pixelSize: 14
                font.weight: thought.live || thought.finished ? Font.Medium : Font.Normal
                color: thought.live || thought.finished ? Theme.thought : Theme.muted
                Accessible.ignored: true
                SequentialAnimation on opacity {
                    running: thought.live && word.visible && thought.Window.active
                    loops: Animation.Infinite
                    onStopped: word.opacity = 1
                    NumberAnimation { to: 0.6; duration: 750; easing.type: Easing.InOutQuad }
                    NumberAnimation { to: 1; duration: 750; easing.type: Easing.InOutQuad }
                }
            }
            MonoText { visible: thought.live; text: thought.row.clock; font.pixelSize: 13; color: Theme.thought }
            Meter {
                visible: thought.row.phase === ChatModel.Reading && thought.row.progress > 0
                Layout.preferredWidth: 100
                value: thought.row.progress
            }
            MonoText { text: thought.row.detail; Layout.leftMargin: 2 }
            Item { Layout.fillWidth: true }
            Icon { visible: thought.live; name: thought.row.open ? "down" : "right"; size: 14; color: Theme.muted; Layout.rightMargin: 8 }
        }
    }
    Loader {
        id: body
        readonly property bool shown: thought.row.open && (thought.live || thought.finished)
        anchors { left: parent.left; right: parent.right; top: head.bottom; topMargin: 6 }
        // By file: see TranscriptRow.qml.
        onShownChanged: if (shown) setSource("ThoughtBody.qml", { row: thought.row }); else source = ""
    }
}
