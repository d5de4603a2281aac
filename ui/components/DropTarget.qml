import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// Says where a file may be dropped; the whole window takes it.
Rectangle {
    id: target
    property bool active: false
    signal fileWanted
    implicitHeight: 168
    radius: Theme.radiusLarge
    color: Qt.rgba(Theme.accentSoft.r, Theme.accentSoft.g, Theme.accentSoft.b, active ? 1 : 0.4)
    DashedFrame {
        anchors.fill: parent
        color: Theme.accent
        radius: Theme.radiusLarge
        opacity: target.active ? 1 : 0.6
    }
    RowLayout {
        anchors { fill: parent; leftMargin: 28; rightMargin: 28 }
        spacing: 24
        Rectangle {
            Layout.preferredWidth: 56
            Layout.preferredHeight: 56
            radius: Theme.radiusCard
            color: Theme.accentSoft
            Icon { anchors.centerIn: parent; name: "drop"; size: 26; color: Theme.accent }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4
            UiText {
                text: target.active ? qsTr("Let go to open it") : qsTr("Drop a .gguf file here")
                color: Theme.text
                font.family: Theme.display
                font.pixelSize: 18
                font.weight: Font.DemiBold
            }
            UiText {
                Layout.fillWidth: true
                text: qsTr("Any part of a split model will do. It stays where it is: nothing is copied.")
                color: Theme.muted
                font.pixelSize: 14
                lineHeight: 20
                lineHeightMode: Text.FixedHeight
                wrapMode: Text.WordWrap
            }
        }
        PushButton { icon_: "file"; text: qsTr("Choose a file"); key: "Ctrl O"; onClicked: target.fileWanted() }
    }
}
