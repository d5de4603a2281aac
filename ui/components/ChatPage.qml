pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// The conversation, what is said about its model, and the composer below.
Item {
    id: page
    required property Application app
    property bool dropping: false
    property alias composer: composer
    signal fileWanted
    readonly property bool loading: app.model.status === ModelLoader.Loading || app.model.status === ModelLoader.Checking || app.model.status === ModelLoader.Cancelling
    readonly property int column: Math.min(Theme.composerWidth, width - 32)

    FirstRun {
        visible: page.app.chat.transcript.count === 0
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: foot.top }
        app: page.app
        dropping: page.dropping
        onFileWanted: page.fileWanted()
        onAsked: (question) => page.app.chat.ask(question)
    }
    Transcript {
        id: transcript
        visible: page.app.chat.transcript.count > 0
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: foot.top }
        app: page.app
        onLinkChosen: (link) => links.ask(link)
    }
    LoadCard { // where the answer will be
        visible: page.app.chat.state === ChatController.Waiting && page.loading
        width: Math.min(Theme.columnWidth, parent.width - 48)
        x: Math.round((parent.width - width) / 2)
        y: Math.min(transcript.contentHeight - transcript.contentY + 16, foot.y - implicitHeight)
        model: page.app.model
    }
    Column {
        id: foot
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 12 }
        width: page.column
        spacing: 12
        topPadding: 8
        Repeater {
            model: [page.app.chat.notice, page.app.model.notice]
            NoticeCard {
                required property Notice modelData
                width: page.column
                visible: modelData.shown
                title: modelData.title
                body: modelData.text
                button: modelData.button
                grave: modelData.grave
                onActed: modelData.act()
                onDismissed: modelData.dismiss()
            }
        }
        Composer {
            id: composer
            width: page.column
            app: page.app
            onFileWanted: page.fileWanted()
        }
        UiText {
            anchors.horizontalCenter: parent.horizontalCenter
            text: page.app.chat.state === ChatController.Stopping ? qsTr("Stopping")
                : page.app.chat.busy && page.app.chat.state !== ChatController.Waiting ? qsTr("Esc stops  ·  Ctrl T shuts the thought")
                : page.loading ? qsTr("Esc stops loading") : qsTr("Enter sends  ·  Shift Enter breaks the line")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
        }
    }
    LinkDialog { id: links }
}
