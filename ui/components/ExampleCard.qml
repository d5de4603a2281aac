import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// A question to begin with; choosing it asks it.
AbstractButton {
    id: card
    property string icon_: ""
    property string kind: ""
    implicitHeight: Math.max(Theme.px(116), words.y + words.implicitHeight + 16)
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
        Icon { id: mark; x: 16; y: 16; name: card.icon_; size: Theme.px(16); color: Theme.accent }
        UiText { anchors { left: mark.right; right: parent.right; leftMargin: 8; rightMargin: 12; verticalCenter: mark.verticalCenter } elide: Text.ElideRight; text: card.kind; color: Theme.muted; font.pixelSize: Theme.captionSize; Accessible.ignored: true }
        UiText {
            id: words
            anchors { left: parent.left; right: parent.right; top: mark.bottom; margins: 16; topMargin: 14 }
            text: card.text
            color: Theme.text
            font.pixelSize: Theme.fieldSize
            font.weight: Font.Medium
            lineHeight: Theme.thoughtLine
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }
        Icon { anchors { right: parent.right; bottom: parent.bottom; margins: 12 } visible: card.hovered || card.visualFocus; name: "right"; size: Theme.px(14); color: Theme.accent }
    }
}
