import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

AbstractButton {
    id: button
    property string icon_: ""
    property color tint: Theme.muted
    property int iconSize: 18
    property string tip: text
    implicitWidth: 32
    implicitHeight: 32
    focusPolicy: Qt.StrongFocus
    opacity: 1
    Accessible.name: text
    Accessible.role: Accessible.Button
    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Theme.sel : button.hovered ? Theme.hover : "transparent"
        FocusRing { target: button; visible: button.visualFocus }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.icon_
            size: button.iconSize
            color: button.enabled ? button.tint : Theme.faint
        }
    }
    ToolTip {
        visible: button.hovered && button.tip.length > 0
        delay: 600
        text: button.tip
        contentItem: UiText { text: button.tip; color: Theme.bg; font.pixelSize: Theme.captionSize }
        background: Rectangle { color: Theme.text; radius: 6 }
    }
}
