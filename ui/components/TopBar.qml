import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The conversation's title, and what can be done with it.
Rectangle {
    id: bar
    required property Application app
    property bool sidebarShown: true
    readonly property bool talked: app.chat.questions > 0
    property var renamed: 0 // the conversation whose title is being typed here
    signal acted(int command)
    signal renameEnded
    function rename() { renamed = app.chat.chat; }
    function endRename(name: string) {
        const chat = renamed;
        if (chat === 0) return;
        renamed = 0;
        if (name.length > 0) app.chat.renameChat(chat, name);
        renameEnded();
    }
    Connections { // another one is opened: what was typed is for the one before
        target: bar.app.chat
        function onConversationChanged() {
            if (bar.renamed !== 0 && bar.renamed !== bar.app.chat.chat) (naming.item as TitleField).end(true);
        }
    }
    function keys(command: int): string { return "  " + app.commands.keyText(command); }
    implicitHeight: Theme.topBarHeight
    color: Theme.bg
    RowLayout {
        anchors { fill: parent; leftMargin: bar.sidebarShown ? 24 : 12; rightMargin: 12 }
        spacing: 4
        IconButton {
            visible: !bar.sidebarShown
            icon_: "sidebar"
            text: qsTr("Show the sidebar")
            tip: text + bar.keys(Commands.Sidebar)
            onClicked: bar.acted(Commands.Sidebar)
        }
        IconButton {
            visible: !bar.sidebarShown
            icon_: "plus"
            text: qsTr("New conversation")
            tip: text + bar.keys(Commands.NewConversation)
            onClicked: bar.acted(Commands.NewConversation)
        }
        Icon { visible: bar.app.chat.temporary; Layout.rightMargin: 4; name: "clock"; size: Theme.px(18); color: Theme.muted }
        Loader {
            id: naming
            visible: active
            active: bar.renamed !== 0
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.px(360)
            sourceComponent: TitleField {
                readonly property TopBar owner: parent.parent.parent as TopBar
                text: owner ? owner.app.chat.title : ""
                onDone: (name) => owner.endRename(name)
                onGivenUp: owner.endRename("")
            }
        }
        UiText {
            id: title
            objectName: "barTitle"
            visible: bar.renamed === 0
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            Layout.minimumWidth: mark.visible ? Math.min(implicitWidth, bar.width * 0.4) : 0 // what it is before what that means
            Layout.leftMargin: bar.sidebarShown ? 0 : 6
            text: bar.app.chat.title.length > 0 ? bar.app.chat.title : qsTr("New conversation")
            color: Theme.text
            font.pixelSize: Theme.bodySize
            font.weight: Font.DemiBold
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
            HoverHandler { id: over }
            Tip { visible: over.hovered && title.truncated; text: title.text }
        }
        UiText {
            id: mark
            objectName: "temporaryMark"
            visible: bar.app.chat.temporary && bar.width > Theme.px(400) // else the title says enough
            Layout.leftMargin: 6
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            Layout.minimumWidth: Theme.px(90)
            text: qsTr("Nothing of it is kept, and it is gone when you leave it")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            elide: Text.ElideRight
            HoverHandler { id: overMark }
            Tip { visible: overMark.hovered && mark.truncated; text: mark.text }
        }
        UiText {
            visible: bar.talked && !bar.app.chat.temporary && bar.width > Theme.px(520)
            Layout.leftMargin: 6
            text: qsTr("%n question(s)", "", bar.app.chat.questions)
            color: Theme.muted
            font.pixelSize: Theme.captionSize
        }
        Item { Layout.fillWidth: true }
        IconButton {
            objectName: "findButton"
            visible: bar.talked && bar.width > Theme.px(440)
            icon_: "search"
            text: qsTr("Find in this conversation")
            tip: text + bar.keys(Commands.Find)
            onClicked: bar.acted(Commands.Find)
        }
        IconButton {
            objectName: "exportButton"
            visible: bar.talked && !bar.app.chat.temporary && bar.width > Theme.px(440)
            icon_: "export"
            text: qsTr("Export the conversation")
            tip: text + bar.keys(Commands.Export)
            onClicked: bar.acted(Commands.Export)
        }
        IconButton {
            objectName: "statisticsButton"
            visible: bar.talked && bar.width > Theme.px(440)
            icon_: "stats"
            text: qsTr("Statistics of the last answer")
            onClicked: bar.acted(Commands.Statistics)
        }
        IconButton {
            id: more
            objectName: "moreButton"
            icon_: "more"
            text: qsTr("More")
            onClicked: menu.popup(more, more.width - menu.width, more.height + 4)
            OverflowMenu { id: menu; app: bar.app; onActed: (command) => bar.acted(command) }
        }
    }
    Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom } height: 1; color: Theme.border }
}
