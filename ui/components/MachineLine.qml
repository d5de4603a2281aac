import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The device and how much of its memory Ponder holds.
Item {
    id: line
    required property ModelLoader model
    implicitHeight: 64
    Rectangle { anchors { left: parent.left; right: parent.right; top: parent.top } height: 1; color: Theme.border }
    ColumnLayout {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: 22; rightMargin: 18 }
        spacing: 6
        RowLayout {
            spacing: 8
            Rectangle {
                Layout.preferredWidth: 7; Layout.preferredHeight: 7; radius: 3.5
                color: line.model.status === ModelLoader.Lost ? Theme.danger
                     : line.model.status === ModelLoader.Loading || line.model.status === ModelLoader.Checking ? Theme.accent
                     : line.model.device.length > 0 ? Theme.ok : Theme.faint
            }
            UiText {
                Layout.fillWidth: true
                text: line.model.status === ModelLoader.Lost ? qsTr("The engine is not running")
                    : line.model.device.length > 0 ? line.model.device : qsTr("Looking for a device")
                color: Theme.text
                font.pixelSize: Theme.captionSize
                font.weight: Font.Medium
                elide: Text.ElideRight
            }
        }
        RowLayout {
            visible: line.model.memoryText.length > 0
            spacing: 10
            Meter { Layout.preferredWidth: 72; value: line.model.memoryShare; Accessible.ignored: true }
            MonoText { text: line.model.memoryText; font.pixelSize: 11; Accessible.name: qsTr("Memory held: %1").arg(text) }
        }
    }
}
