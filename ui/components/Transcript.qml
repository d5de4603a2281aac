import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// The conversation. It follows its end while the reader is there; as soon as one looks up, what is read stays where it is,
// whatever grows or shuts above or below it.
ListView {
    id: list
    required property Application app
    property alias actions: actions
    property bool following: true
    property Item anchor: null // the row at the top of what is read, and where
    property int anchorIndex: -1
    property real anchorAt: 0
    property bool settling: false
    signal linkChosen(string link)
    signal menuWanted(RowData row, Item under)
    readonly property real lowest: Math.max(originY, originY + contentHeight + bottomMargin - height)
    readonly property bool atEnd: contentY >= lowest - 10
    function toEnd() {
        following = true;
        settling = true;
        positionViewAtEnd();
        contentY = lowest;
        settling = false;
    }
    function moveBy(step: real) {
        contentY = Math.max(originY, Math.min(contentY + step, lowest));
        following = atEnd;
        hold();
    }
    // Remembers what stands at the top.
    function hold() {
        const row = itemAt(width / 2, contentY + 1) as TranscriptRow;
        anchor = row;
        anchorIndex = row ? row.index : -1;
        anchorAt = row ? row.y - contentY : 0;
    }
    function settle() {
        if (settling) return;
        if (following) return toEnd();
        const row = anchor as TranscriptRow;
        if (moving || dragging || !row || row.index !== anchorIndex) return;
        const wanted = Math.max(originY, Math.min(row.y - anchorAt, lowest));
        if (Math.abs(wanted - contentY) < 1) return;
        settling = true;
        contentY = wanted;
        settling = false;
    }
    // Brings a row into view, the line of the current hit in it if it has one.
    function reveal(row: int) {
        if (row < 0 || row >= count) return;
        following = false;
        settling = true;
        positionViewAtIndex(row, ListView.Contain);
        forceLayout();
        for (let i = 0; i < 2; ++i) { // the second time the rows around it are real
            const at = itemAtIndex(row) as TranscriptRow;
            if (!at) break;
            const top = at.hitTop(), bottom = at.hitBottom();
            const from = top < 0 ? at.y : at.y + top, to = top < 0 ? from + Math.min(at.height, 40) : at.y + bottom;
            if (from < contentY + 24 || to > contentY + height - 48)
                contentY = Math.max(originY, Math.min(from - height * 0.3, lowest));
            forceLayout();
        }
        settling = false;
        following = false;
        hold();
    }
    // The row that one reads: the one at a third of the view, or at the end the last.
    function readRow(): int {
        const at = following ? -1 : indexAt(width / 2, contentY + height / 3);
        return at >= 0 ? at : count - 1;
    }
    function toggleThought() {
        const row = app.chat.transcript.thoughtRowOf(readRow());
        if (row < 0) return app.chat.transcript.toggleLastThought();
        const item = itemAtIndex(row) as TranscriptRow;
        app.chat.transcript.toggleThought(row);
        if (!following && (!item || item.y < contentY)) reveal(row); // its head was above; it is not lost
    }
    function turn(step: int) {
        const row = app.chat.transcript.turnBegin(indexAt(width / 2, contentY + 30), step);
        if (row < 0) return step > 0 ? toEnd() : undefined;
        following = false;
        positionViewAtIndex(row, ListView.Beginning);
        following = atEnd;
        hold();
    }
    RowActions {
        id: actions
        chat: list.app.chat
        onMenuWanted: (row, under) => list.menuWanted(row as RowData, under)
        onRowWanted: (row) => list.reveal(row)
        onEditEnded: list.forceActiveFocus()
    }
    objectName: "transcript"
    model: app.chat.transcript
    clip: true
    reuseItems: true
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: 320
    bottomMargin: 24
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversation")
    delegate: TranscriptRow {
        readonly property Transcript view: ListView.view as Transcript
        width: ListView.view.width
        transcript: view.app.chat.transcript
        actions: view.actions
        onLinkChosen: (link) => view.linkChosen(link)
        onCopyWanted: kind === ChatModel.Code ? view.app.chat.copyBlock(index) : view.app.chat.copyAnswer(index)
        onActed: view.app.chat.actOn(index)
        ListView.onReused: reused()
    }
    ScrollBar.vertical: ScrollBar {
        width: 8
        onPressedChanged: if (!pressed) { list.following = list.atEnd; list.hold(); }
    }
    onMovementStarted: following = false
    onMovementEnded: { following = atEnd; hold(); }
    onContentYChanged: if (!settling && !following) hold()
    onContentHeightChanged: if (!settling) later.restart()
    onHeightChanged: later.restart()
    Timer { id: later; interval: 0; onTriggered: list.settle() }
    WheelHandler {
        // The list scrolls by itself; here only the wish to look up is noticed.
        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
        onWheel: (event) => {
            if (event.angleDelta.y > 0 || event.pixelDelta.y > 0) list.following = false;
            event.accepted = false;
        }
    }
    Connections {
        target: list.app.chat.transcript
        function onModelReset() { actions.editing = 0; list.following = true; later.restart(); }
        function onAnswerBegan() { list.following = list.app.settings.followEnd; later.restart(); }
    }
    Connections {
        target: list.app.chat.transcript.find
        function onWanted(row: int) { list.reveal(row); }
    }
    Keys.onPressed: (event) => {
        const page = list.height - 60;
        if (event.modifiers & (Qt.AltModifier | Qt.ControlModifier | Qt.MetaModifier)) return;
        if (event.key === Qt.Key_End) toEnd();
        else if (event.key === Qt.Key_Home) { following = false; positionViewAtBeginning(); hold(); }
        else if (event.key === Qt.Key_PageUp) moveBy(-page);
        else if (event.key === Qt.Key_PageDown || event.key === Qt.Key_Space) moveBy(page);
        else if (event.key === Qt.Key_Up) moveBy(-60);
        else if (event.key === Qt.Key_Down) moveBy(60);
        else return;
        event.accepted = true;
    }
    FocusRing { parent: list; visible: list.Window.activeFocusItem === list; anchors.margins: 2; radius: 4 }
    PushButton {
        objectName: "jumpToLatest"
        parent: list.parent
        visible: !list.following && !list.atEnd && list.visible
        anchors { horizontalCenter: list.horizontalCenter; bottom: list.bottom; bottomMargin: 12 }
        icon_: "down"
        text: qsTr("Jump to latest")
        onClicked: list.toEnd()
        FloatShadow { radius: Theme.radius }
    }
}
