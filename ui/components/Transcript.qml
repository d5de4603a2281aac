import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// The conversation. It follows its end while the reader is there, and stays where it is as soon as one scrolls up.
ListView {
    id: list
    required property Application app
    property bool following: true
    signal linkChosen(string link)
    readonly property bool atEnd: contentHeight <= height || contentY - originY >= contentHeight + bottomMargin - height - 10
    function toEnd() {
        following = true;
        positionViewAtEnd();
        contentY = Math.max(originY, originY + contentHeight + bottomMargin - height);
    }
    objectName: "transcript"
    model: app.chat.transcript
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: 800
    bottomMargin: 24
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversation")
    delegate: TranscriptRow {
        readonly property Transcript view: ListView.view as Transcript
        width: ListView.view.width
        transcript: view.app.chat.transcript
        onLinkChosen: (link) => view.linkChosen(link)
        onCopyWanted: kind === ChatModel.Code ? view.app.chat.copyBlock(index) : view.app.chat.copyAnswer(index)
        onAgainWanted: view.app.chat.askAgain()
        onActed: view.app.chat.actOn(index)
    }
    ScrollBar.vertical: ScrollBar { id: bar; width: 8; onPressedChanged: if (!pressed) list.following = list.atEnd }
    onMovementStarted: following = false
    onMovementEnded: following = atEnd
    onContentHeightChanged: if (following) settle.restart()
    onHeightChanged: if (following) settle.restart()
    Timer { id: settle; interval: 0; onTriggered: if (list.following) list.toEnd() }
    WheelHandler {
        // The list scrolls by itself; here only the wish to look up is noticed.
        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
        onWheel: (event) => {
            if (event.angleDelta.y > 0) list.following = false;
            event.accepted = false;
        }
    }
    Connections {
        target: list.app.chat
        function onConversationChanged() { list.following = true; settle.restart(); }
    }
    Keys.onPressed: (event) => {
        const page = list.height - 60;
        const step = event.key === Qt.Key_PageUp ? -page : event.key === Qt.Key_PageDown ? page
                   : event.key === Qt.Key_Up ? -60 : event.key === Qt.Key_Down ? 60 : 0;
        if (event.key === Qt.Key_End) toEnd();
        else if (event.key === Qt.Key_Home) { following = false; positionViewAtBeginning(); }
        else if (step !== 0) {
            contentY = Math.max(originY, Math.min(contentY + step, originY + contentHeight + bottomMargin - height));
            following = atEnd;
        } else return;
        event.accepted = true;
    }
    PushButton {
        parent: list.parent
        visible: !list.following && !list.atEnd
        anchors { horizontalCenter: list.horizontalCenter; bottom: list.bottom; bottomMargin: 12 }
        icon_: "down"
        text: qsTr("Jump to latest")
        onClicked: list.toEnd()
        FloatShadow { radius: Theme.radius }
    }
}
