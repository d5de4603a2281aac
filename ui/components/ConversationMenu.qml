import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// What can be done with one conversation of the list.
ActionMenu {
    id: menu
    required property Application app
    property var chat: 0
    property bool pinned: false
    signal renameWanted
    objectName: "conversationMenu"
    ActionItem { text: qsTr("Open"); icon_: "question"; onTriggered: menu.app.chat.openConversation(menu.chat) }
    ActionItem { text: qsTr("Rename"); icon_: "edit"; key: menu.app.commands.keyText(Commands.Rename); onTriggered: menu.renameWanted() }
    ActionItem { text: menu.pinned ? qsTr("Unpin") : qsTr("Pin"); icon_: "pin"; onTriggered: menu.app.chat.pinChat(menu.chat, !menu.pinned) }
    ActionItem { text: qsTr("Move to the trash"); icon_: "trash"; key: menu.app.commands.keyText(Commands.Trash); grave: true; onTriggered: menu.app.chat.trashChat(menu.chat) }
}
