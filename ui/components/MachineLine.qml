import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The device, how much of its memory Ponder holds, and the way to the settings.
Item {
    id: line
    required property ModelLoader model
    property string settingsKey: ""
    signal settingsWanted
    readonly property bool working: model.status === ModelLoader.Loading || model.status === ModelLoader.Checking
    implicitHeight: Math.max(Theme.px(64), words.implicitHeight + 20)
    Rectangle { anchors { left: parent.left; right: parent.right; top: parent.top } height: 1; color: Theme.border }
    ColumnLayout {
        id: words
        anchors { left: parent.left; right: gear.left; verticalCenter: parent.verticalCenter; leftMargin: 22; rightMargin: 8 }
        spacing: 6
        RowLayout {
            Layout.fillWidth: true
            spacing: 8
            Rectangle {
                implicitWidth: Theme.px(7); implicitHeight: implicitWidth; radius: width / 2
                color: line.model.status === ModelLoader.Lost ? Theme.danger : line.working ? Theme.accent
                     : line.model.device.length > 0 ? Theme.ok : Theme.faint
            }
            UiText {
                id: name
                Layout.fillWidth: true
                text: line.model.status === ModelLoader.Lost ? qsTr("The engine is not running")
                    : line.model.device.length > 0 ? line.model.device : qsTr("Looking for a device")
                color: Theme.text
                font.pixelSize: Theme.captionSize
                font.weight: Font.Medium
                elide: Text.ElideRight
                HoverHandler { id: over }
                Tip { visible: over.hovered && name.truncated; text: name.text }
            }
        }
        RowLayout {
            visible: line.model.memoryText.length > 0
            Layout.fillWidth: true
            spacing: 10
            Meter { Layout.preferredWidth: Theme.px(72); value: line.model.memoryShare; Accessible.ignored: true }
            MonoText { Layout.fillWidth: true; text: line.model.memoryText; font.pixelSize: Theme.smallSize; elide: Text.ElideRight; Accessible.name: qsTr("Memory held: %1").arg(text) }
        }
    }
    IconButton {
        id: gear
        objectName: "settingsButton"
        anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
        icon_: "gear"
        text: qsTr("Settings")
        tip: text + "  " + line.settingsKey
        onClicked: line.settingsWanted()
    }
}
