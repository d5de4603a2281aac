import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

Rectangle {
    id: sidebar
    required property Application app
    signal hideWanted
    implicitWidth: Theme.sidebarWidth
    color: Theme.surface

    Item {
        id: head
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 12; topMargin: 4 }
        height: 48
        Icon { id: logo; x: 8; anchors.verticalCenter: parent.verticalCenter; name: "logo"; size: 20; color: Theme.accent }
        UiText {
            anchors { left: logo.right; leftMargin: 8; verticalCenter: parent.verticalCenter }
            text: qsTr("Ponder")
            color: Theme.text
            font.pixelSize: 15
            font.weight: Font.DemiBold
        }
        IconButton {
            anchors { right: parent.right; verticalCenter: parent.verticalCenter }
            icon_: "sidebar"
            text: qsTr("Hide the sidebar")
            tip: qsTr("Hide the sidebar  Ctrl B")
            onClicked: sidebar.hideWanted()
        }
    }
    AbstractButton {
        id: fresh
        anchors { left: parent.left; right: parent.right; top: head.bottom; margins: 12; topMargin: 4 }
        height: 36
        text: qsTr("New conversation")
        Accessible.name: text
        Accessible.role: Accessible.Button
        onClicked: sidebar.app.chat.newConversation()
        background: Rectangle {
            radius: Theme.radius
            color: fresh.down ? Theme.sel : fresh.hovered ? Theme.hover : Theme.raised
            border.width: 1
            border.color: Theme.border
            FocusRing { target: fresh; visible: fresh.visualFocus }
        }
        contentItem: RowLayout {
            spacing: 8
            Icon { Layout.leftMargin: 10; name: "plus"; size: 16; color: Theme.accent }
            UiText { text: fresh.text; color: Theme.text; font.weight: Font.Medium; Layout.fillWidth: true; Accessible.ignored: true }
            Kbd { text: "Ctrl N"; Layout.rightMargin: 12; font.pixelSize: 11 }
        }
    }
    ConversationList {
        id: list
        anchors { left: parent.left; right: parent.right; top: fresh.bottom; bottom: machine.top; margins: 12; topMargin: 8; bottomMargin: 4 }
        app: sidebar.app
    }
    ColumnLayout {
        visible: list.count === 0
        anchors { left: parent.left; right: parent.right; top: fresh.bottom; margins: 22; topMargin: 24 }
        spacing: 4
        UiText { text: qsTr("No conversations yet"); color: Theme.muted; font.weight: Font.Medium }
        UiText {
            Layout.fillWidth: true
            text: qsTr("They appear here as you write. They are kept on this computer only, in one file.")
            color: Theme.faint
            font.pixelSize: Theme.captionSize
            lineHeight: 18
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
        }
    }
    MachineLine {
        id: machine
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        model: sidebar.app.model
    }
    Rectangle { anchors { right: parent.right; top: parent.top; bottom: parent.bottom } width: 1; color: Theme.border }
}
