import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// The conversations by date. No component in here may be bound: Qt 6.4 then makes no section headings.
ListView {
    id: list
    required property Application app
    property Component heading: null
    property var renamed: 0 // the conversation whose title is being typed
    objectName: "conversations"
    clip: true
    model: app.chat.conversations
    reuseItems: true
    boundsBehavior: Flickable.StopAtBounds
    keyNavigationEnabled: true
    activeFocusOnTab: true
    currentIndex: -1
    section.property: "group"
    section.delegate: heading
    delegate: ConversationRow {
        readonly property ConversationList view: ListView.view as ConversationList
        width: ListView.view.width
        chosen: chat === view.app.chat.chat
        current: view.activeFocus && ListView.isCurrentItem && view.renamed === 0
        editing: view.renamed !== 0 && chat === view.renamed
        onClicked: view.app.chat.openConversation(chat)
        onMenuWanted: view.showMenu(this as ConversationRow)
        onRenamed: (name) => {
            view.endRename();
            if (name.length > 0 && name !== title) view.app.chat.renameChat(chat, name);
        }
        onRenameEnded: view.endRename()
    }
    function rename(row: ConversationRow) {
        currentIndex = indexAt(10, row.y + 1); // before the field has the focus, which a list gives to a row it turns to
        renamed = row.chat;
    }
    function endRename() {
        if (renamed === 0) return;
        renamed = 0;
        forceActiveFocus();
    }
    function showMenu(row: ConversationRow) {
        currentIndex = indexAt(10, row.y + 1);
        menu.row = row;
        menu.chat = row.chat;
        menu.pinned = row.pinned;
        menu.popup(row, 24, row.height - 4);
    }
    function current(): ConversationRow { return currentItem as ConversationRow; }
    onActiveFocusChanged: if (activeFocus && currentIndex < 0) currentIndex = 0
    Keys.onPressed: (event) => {
        const row = current();
        const ctrl = (event.modifiers & Qt.ControlModifier) !== 0;
        if (!row || row.editing) return;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space) app.chat.openConversation(row.chat);
        else if (event.key === Qt.Key_F2) rename(row);
        else if (event.key === Qt.Key_Delete && ctrl) app.chat.trashChat(row.chat);
        else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && (event.modifiers & Qt.ShiftModifier))) showMenu(row);
        else if (event.key === Qt.Key_Home) currentIndex = 0;
        else if (event.key === Qt.Key_End) currentIndex = count - 1;
        else return;
        event.accepted = true;
    }
    ConversationMenu {
        id: menu
        app: list.app
        property ConversationRow row: null
        onRenameWanted: if (row && row.chat === chat) list.rename(row)
    }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversations")
    ScrollBar.vertical: ScrollBar { width: 6 }
}
