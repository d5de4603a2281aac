import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// A question to begin with; choosing it asks it.
AbstractButton {
    id: card
    property string icon_: ""
    property string kind: ""
    implicitHeight: 116
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.role: Accessible.Button
    background: Rectangle {
        radius: Theme.radiusCard
        color: card.down ? Theme.hover : Theme.raised
        border.width: 1
        border.color: Theme.border
        FloatShadow { visible: card.hovered; radius: Theme.radiusCard }
        FocusRing { target: card; visible: card.visualFocus; radius: Theme.radiusCard + 3 }
    }
    Item {
        anchors.fill: parent
        Icon { id: mark; x: 16; y: 16; name: card.icon_; size: 16; color: Theme.accent }
        UiText { anchors { left: mark.right; leftMargin: 8; verticalCenter: mark.verticalCenter } text: card.kind; color: Theme.muted; font.pixelSize: Theme.captionSize; Accessible.ignored: true }
        UiText {
            anchors { left: parent.left; right: parent.right; top: mark.bottom; margins: 16; topMargin: 14 }
            text: card.text
            color: Theme.text
            font.pixelSize: 15
            font.weight: Font.Medium
            lineHeight: 22
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }
        Icon { anchors { right: parent.right; bottom: parent.bottom; margins: 12 } visible: card.hovered || card.visualFocus; name: "right"; size: 14; color: Theme.accent }
    }
}
