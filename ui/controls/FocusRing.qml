import QtQuick
import Ponder.Ui

// Drawn around its parent while that has the keyboard's focus.
Rectangle {
    property Item target: parent as Item
    anchors.fill: parent
    anchors.margins: -3
    radius: Theme.radius + 3
    color: "transparent"
    border.width: 2
    border.color: Theme.accent
    visible: target && target.activeFocus
}
