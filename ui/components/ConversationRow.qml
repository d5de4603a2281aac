import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

AbstractButton {
    id: row
    required property var chat
    required property string title
    required property bool pinned
    required property bool live
    property bool chosen: false
    implicitHeight: 34
    focusPolicy: Qt.TabFocus
    text: title
    Accessible.name: live ? qsTr("%1, being answered").arg(title) : title
    Accessible.role: Accessible.ListItem
    background: Rectangle {
        radius: Theme.radius
        color: row.chosen ? Theme.sel : row.hovered ? Theme.hover : "transparent"
        FocusRing { target: row; visible: row.visualFocus }
    }
    Item {
        anchors.fill: parent
        UiText {
            id: label
            anchors { left: parent.left; right: mark.left; verticalCenter: parent.verticalCenter; leftMargin: 10; rightMargin: 8 }
            text: row.title
            color: row.chosen ? Theme.text : Theme.text2
            font.weight: row.chosen ? Font.DemiBold : Font.Normal
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        Item {
            id: mark
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            width: row.live || row.pinned ? 16 : 0
            height: 16
            Icon { anchors.centerIn: parent; visible: row.pinned && !row.live; name: "pin"; size: 14; color: Theme.muted }
            Rectangle {
                visible: row.live
                anchors.centerIn: parent
                width: 14; height: 14; radius: 7
                color: Qt.rgba(Theme.thought.r, Theme.thought.g, Theme.thought.b, 0.28)
                Rectangle { anchors.centerIn: parent; width: 8; height: 8; radius: 4; color: Theme.thought }
            }
        }
    }
    ToolTip.visible: hovered && label.truncated
    ToolTip.delay: 600
    ToolTip.text: title
}
