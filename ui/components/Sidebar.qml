import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The conversations, the ways to a new one and to an old one, and the machine at the foot. Its edge can be dragged.
Rectangle {
    id: sidebar
    required property Application app
    property alias list: list
    signal acted(int command)
    implicitWidth: Theme.px(app.settings.sidebarWidth)
    color: Theme.surface

    RowLayout {
        id: head
        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: 20; rightMargin: 12; topMargin: 4 }
        height: Theme.topBarHeight
        spacing: 8
        Icon { name: "logo"; size: Theme.px(20); color: Theme.accent }
        UiText {
            Layout.fillWidth: true
            text: qsTr("Ponder")
            color: Theme.text
            elide: Text.ElideRight
            font.pixelSize: Theme.fieldSize
            font.weight: Font.DemiBold
        }
        IconButton {
            icon_: "sidebar"
            text: qsTr("Hide the sidebar")
            tip: text + "  " + sidebar.app.commands.keyText(Commands.Sidebar)
            onClicked: sidebar.acted(Commands.Sidebar)
        }
    }
    ColumnLayout {
        id: ways
        anchors { left: parent.left; right: parent.right; top: head.bottom; margins: 12; topMargin: 4 }
        spacing: 4
        SidebarButton {
            objectName: "newButton"
            Layout.fillWidth: true
            framed: true
            icon_: "plus"
            text: qsTr("New conversation")
            key: sidebar.app.commands.keyText(Commands.NewConversation)
            onClicked: sidebar.acted(Commands.NewConversation)
        }
        SidebarButton {
            objectName: "searchButton"
            Layout.fillWidth: true
            icon_: "search"
            text: qsTr("Search")
            key: sidebar.app.commands.keyText(Commands.Palette)
            onClicked: sidebar.acted(Commands.Palette)
        }
    }
    SectionHeads { id: heads }
    ConversationList {
        id: list
        heading: heads.conversations
        anchors { left: parent.left; right: parent.right; top: ways.bottom; bottom: bin.top; margins: 12; topMargin: 4; bottomMargin: 4 }
        app: sidebar.app
    }
    ColumnLayout {
        visible: list.count === 0
        anchors { left: parent.left; right: parent.right; top: ways.bottom; margins: 22; topMargin: 16 }
        spacing: 4
        UiText { Layout.fillWidth: true; text: qsTr("No conversations yet"); color: Theme.muted; font.weight: Font.Medium; wrapMode: Text.WordWrap }
        UiText {
            Layout.fillWidth: true
            text: qsTr("They appear here as you write. They are kept on this computer only, in one file.")
            color: Theme.faint
            font.pixelSize: Theme.captionSize
            lineHeight: Theme.captionLine
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
        }
    }
    SidebarButton {
        id: bin
        objectName: "trashButton"
        anchors { left: parent.left; right: parent.right; bottom: machine.top; leftMargin: 12; rightMargin: 12; bottomMargin: visible ? 6 : 0 }
        visible: sidebar.app.chat.trash.count > 0
        height: visible ? implicitHeight : 0
        icon_: "trash"
        text: qsTr("Trash")
        onClicked: sidebar.acted(Commands.ShowTrash)
    }
    MachineLine {
        id: machine
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        model: sidebar.app.model
        onSettingsWanted: sidebar.acted(Commands.Settings)
        settingsKey: sidebar.app.commands.keyText(Commands.Settings)
    }
    Rectangle { anchors { right: parent.right; top: parent.top; bottom: parent.bottom } width: 1; color: edge.hovered || drag.active ? Theme.accent : Theme.border }
    Item { // the edge
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom; rightMargin: -4 }
        width: 8
        HoverHandler { id: edge; cursorShape: Qt.SplitHCursor }
        DragHandler {
            id: drag
            property int before: 0
            target: null
            yAxis.enabled: false
            onActiveChanged: if (active) before = sidebar.app.settings.sidebarWidth
            onTranslationChanged: if (active) sidebar.app.settings.sidebarWidth = Math.max(200, Math.min(480, before + translation.x / Theme.scale))
        }
    }
}
