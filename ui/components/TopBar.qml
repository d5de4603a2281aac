import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

Rectangle {
    id: bar
    required property Application app
    property bool sidebarShown: true
    signal sidebarWanted
    implicitHeight: Theme.topBarHeight
    color: Theme.bg
    RowLayout {
        anchors { fill: parent; leftMargin: bar.sidebarShown ? 24 : 12; rightMargin: 12 }
        spacing: 10
        IconButton {
            visible: !bar.sidebarShown
            icon_: "sidebar"
            text: qsTr("Show the sidebar")
            tip: qsTr("Show the sidebar  Ctrl B")
            onClicked: bar.sidebarWanted()
        }
        UiText {
            text: bar.app.chat.title.length > 0 ? bar.app.chat.title : qsTr("New conversation")
            color: Theme.text
            font.pixelSize: 14
            font.weight: Font.DemiBold
            elide: Text.ElideRight
            Layout.maximumWidth: bar.width - 220
            Accessible.role: Accessible.Heading
        }
        UiText {
            visible: bar.app.chat.questions > 0
            text: bar.app.chat.questions === 1 ? qsTr("1 question") : qsTr("%1 questions").arg(bar.app.chat.questions)
            color: Theme.muted
            font.pixelSize: Theme.captionSize
        }
        Item { Layout.fillWidth: true }
        IconButton {
            visible: !bar.sidebarShown
            icon_: "plus"
            text: qsTr("New conversation")
            tip: qsTr("New conversation  Ctrl N")
            onClicked: bar.app.chat.newConversation()
        }
    }
    Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom } height: 1; color: Theme.border }
}
