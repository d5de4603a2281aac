import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

AbstractButton {
    id: button
    property string icon_: ""
    property color tint: Theme.muted
    property int iconSize: 18 // at 100 %
    property string tip: text
    implicitWidth: Theme.controlHeight
    implicitHeight: Theme.controlHeight
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.role: Accessible.Button
    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Theme.sel : button.hovered ? Theme.hover : button.checked ? Theme.sel : "transparent"
        FocusRing { target: button; visible: button.visualFocus }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.icon_
            size: Theme.px(button.iconSize)
            color: button.enabled ? button.tint : Theme.faint
        }
    }
    Tip { visible: button.hovered && button.tip.length > 0; text: button.tip }
}
