import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// Says where a file may be dropped; the whole window takes it.
Rectangle {
    id: target
    property bool active: false
    property string key: ""
    signal fileWanted
    implicitHeight: Math.max(Theme.px(168), row.implicitHeight + 48)
    radius: Theme.radiusLarge
    color: Qt.rgba(Theme.accentSoft.r, Theme.accentSoft.g, Theme.accentSoft.b, active ? 1 : 0.4)
    DashedFrame {
        anchors.fill: parent
        color: Theme.accent
        radius: Theme.radiusLarge
        opacity: target.active || Theme.highContrast ? 1 : 0.6
    }
    GridLayout {
        id: row
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: 28; rightMargin: 28 }
        columns: width < Theme.px(520) ? 2 : 3
        columnSpacing: 24
        rowSpacing: 16
        Rectangle {
            Layout.preferredWidth: Theme.px(56)
            Layout.preferredHeight: Theme.px(56)
            radius: Theme.radiusCard
            color: Theme.accentSoft
            border.width: Theme.highContrast ? 2 : 0
            border.color: Theme.accent
            Icon { anchors.centerIn: parent; name: "drop"; size: Theme.px(26); color: Theme.accent }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4
            UiText {
                Layout.fillWidth: true
                text: target.active ? qsTr("Let go to open it") : qsTr("Drop a .gguf file here")
                color: Theme.text
                font.family: Theme.display
                font.pixelSize: Theme.titleSize
                font.weight: Font.DemiBold
                wrapMode: Text.WordWrap
            }
            UiText {
                Layout.fillWidth: true
                text: qsTr("Any part of a split model will do. It stays where it is: nothing is copied.")
                color: Theme.muted
                font.pixelSize: Theme.bodySize
                lineHeight: Theme.bodyLine
                lineHeightMode: Text.FixedHeight
                wrapMode: Text.WordWrap
            }
        }
        PushButton { Layout.columnSpan: row.columns === 2 ? 2 : 1; Layout.alignment: Qt.AlignHCenter; icon_: "file"; text: qsTr("Choose a file"); key: target.key; onClicked: target.fileWanted() }
    }
}
