import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// The conversations by date. No component in here may be bound: Qt 6.4 then makes no section headings.
ListView {
    id: list
    required property Application app
    objectName: "conversations"
    clip: true
    model: app.chat.conversations
    reuseItems: true
    boundsBehavior: Flickable.StopAtBounds
    keyNavigationEnabled: true
    section.property: "group"
    section.delegate: Item {
        required property string section
        width: ListView.view.width
        height: 38
        UiText {
            objectName: "groupLabel"
            anchors { left: parent.left; leftMargin: 10; bottom: parent.bottom; bottomMargin: 7 }
            text: parent.section
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            font.weight: Font.Medium
        }
    }
    delegate: ConversationRow {
        readonly property ConversationList view: ListView.view as ConversationList
        width: ListView.view.width
        chosen: chat === view.app.chat.chat
        onClicked: view.app.chat.openConversation(chat)
    }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversations")
    ScrollBar.vertical: ScrollBar { width: 6 }
}
