import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// What went wrong, with its number, and the one act that mends it.
Rectangle {
    id: card
    property string title: ""
    property string body: ""
    property string button: ""
    property bool grave: true
    property bool dismissable: true
    signal acted
    signal dismissed
    implicitHeight: column.implicitHeight + 32
    radius: Theme.radiusCard
    color: grave ? Theme.dangerSoft : Theme.warnSoft
    readonly property color role: grave ? Theme.danger : Theme.warn
    border.width: 1
    border.color: Qt.rgba(role.r, role.g, role.b, 0.28)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title + ". " + body
    Icon {
        x: 20; y: 18
        name: card.grave ? "warn" : "bolt"
        color: card.role
    }
    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: 52; rightMargin: 44; topMargin: 16 }
        spacing: 4
        UiText {
            Layout.fillWidth: true
            text: card.title
            color: Theme.text
            font.pixelSize: 14
            font.weight: Font.DemiBold
            wrapMode: Text.WordWrap
        }
        UiText {
            Layout.fillWidth: true
            visible: text.length > 0
            text: card.body
            font.pixelSize: 14
            lineHeight: 20
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.Wrap
        }
        PushButton {
            visible: card.button.length > 0
            Layout.topMargin: 8
            text: card.button
            onClicked: card.acted()
        }
    }
    IconButton {
        visible: card.dismissable
        anchors { right: parent.right; top: parent.top; margins: 8 }
        icon_: "x"
        iconSize: 16
        text: qsTr("Dismiss")
        onClicked: card.dismissed()
    }
}
