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
    border.width: Theme.softOutline
    border.color: Theme.softBorder(role)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title + ". " + body
    Icon {
        x: 20; y: 18
        size: Theme.px(18)
        name: card.grave ? "warn" : "bolt"
        color: card.role
    }
    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: Theme.px(18) + 34; rightMargin: Theme.controlHeight + 12; topMargin: 16 }
        spacing: 4
        UiText {
            Layout.fillWidth: true
            text: card.title
            color: Theme.text
            font.pixelSize: Theme.bodySize
            font.weight: Font.DemiBold
            wrapMode: Text.WordWrap
        }
        UiText {
            Layout.fillWidth: true
            visible: text.length > 0
            text: card.body
            font.pixelSize: Theme.bodySize
            lineHeight: Theme.bodyLine
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
