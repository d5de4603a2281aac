pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// The conversation, what is said about its model, and the composer below. What the window's keys do with a conversation is
// a function here.
Item {
    id: page
    required property Application app
    property bool dropping: false
    property alias composer: composer
    property alias transcript: transcript
    property alias findBar: findBar
    signal fileWanted
    signal exportWanted(double message)
    readonly property bool loading: app.model.status === ModelLoader.Loading || app.model.status === ModelLoader.Checking || app.model.status === ModelLoader.Cancelling
    readonly property int column: Math.min(Theme.composerWidth, width - 32)
    readonly property ChatModel rows: app.chat.transcript
    readonly property bool talked: rows.count > 0
    // What has the keyboard ends with Escape by itself, before an answer does.
    readonly property bool ownEscape: findBar.activeFocus || (transcript.actions.editing !== 0 && transcript.activeFocus)
    readonly property int footHeight: foot.height + foot.anchors.bottomMargin

    function find() { if (talked) findBar.open(transcript.readRow()); }
    function findNext() { findBar.step(1); }
    function findPrevious() { findBar.step(-1); }
    function toggleThought() { transcript.toggleThought(); }
    function toggleAllThoughts() { rows.toggleAllThoughts(); }
    function turn(step: int) { transcript.turn(step); }
    function messageRead(): double { return rows.messageAt(transcript.readRow()); }
    function sibling(step: int) { app.chat.showSibling(messageRead(), step); }
    function regenerate() { if (talked) app.chat.regenerate(rows.messageAt(rows.count - 1)); }
    function continueAnswer() { app.chat.continueAnswer(); }
    function copyAnswer() { if (talked) app.chat.copyAnswer(rows.count - 1); }
    function copyThought() { if (talked) app.chat.copyThought(rows.count - 1); }
    function copyCode() { const row = rows.lastCode(); if (row >= 0) app.chat.copyBlock(row); }
    function showStatistics() { if (talked) panel.show(rows.messageAt(rows.count - 1)); }
    function editLast() {
        const row = rows.lastQuestion();
        if (row < 0) return;
        transcript.reveal(row);
        transcript.actions.edit(rows.messageAt(row));
    }

    FirstRun {
        visible: !page.talked
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: foot.top }
        app: page.app
        dropping: page.dropping
        onFileWanted: page.fileWanted()
        onAsked: (question) => page.app.chat.ask(question)
    }
    FindBar {
        id: findBar
        objectName: "findBar"
        anchors { top: parent.top; horizontalCenter: parent.horizontalCenter }
        width: page.column
        z: 1
        find: page.rows.find
        onClosed: composer.focusField()
    }
    Transcript {
        id: transcript
        visible: page.talked
        anchors { left: parent.left; right: parent.right; top: findBar.bottom; bottom: foot.top }
        app: page.app
        onLinkChosen: (link) => links.ask(link)
        onMenuWanted: (row, under) => {
            menu.setSource("../delegates/RowMenu.qml", { row: row, selection: "" });
            const made = menu.item as RowMenu;
            if (under) made.popup(under, 0, under.height + 4); else made.popup();
        }
    }
    Connections {
        target: transcript.actions
        function onStatisticsWanted(message: double) { panel.show(message); }
        function onExportWanted(message: double) { page.exportWanted(message); }
        function onEditEnded() { composer.focusField(); }
    }
    Connections {
        target: page.app.chat
        function onHitWanted(message: double, channel: int, offset: double, length: int) {
            page.rows.find.showHit(message, channel, offset, length);
        }
    }
    PlaceKeeper { chat: page.app.chat; view: transcript }
    Loader { id: menu }
    LoadCard { // where the answer will be
        visible: page.app.chat.state === ChatController.Waiting && page.loading
        width: Math.min(Theme.columnWidth, parent.width - 48)
        x: Math.round((parent.width - width) / 2)
        readonly property real below: transcript.y + transcript.contentHeight + transcript.originY - transcript.contentY + 16
        room: foot.y - below
        objectName: y < below ? "loadCardOver" : "loadCard" // with no room below it lies over what says that one waits
        y: Math.min(below, foot.y - implicitHeight)
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
            objectName: "composer"
            width: page.column
            app: page.app
            onFileWanted: page.fileWanted()
            onEditWanted: page.editLast()
        }
        UiText {
            objectName: "hint"
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(implicitWidth, page.column)
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
            text: composer.refusal.length > 0 ? composer.refusal
                : page.app.chat.state === ChatController.Stopping ? qsTr("Stopping")
                : composer.queued ? qsTr("Sent when the answer is done  ·  Esc stops it and keeps your words")
                : page.app.chat.thinking ? qsTr("Esc stops  ·  Ctrl Enter answers now")
                : page.app.chat.busy && page.app.chat.state !== ChatController.Waiting ? qsTr("Esc stops  ·  Ctrl T shuts the thought")
                : page.loading ? qsTr("Esc stops loading") : qsTr("Enter sends  ·  Shift Enter breaks the line")
            color: composer.refusal.length > 0 ? Theme.danger : Theme.muted
            font.pixelSize: Theme.captionSize
        }
    }
    StatisticsPanel {
        id: panel
        parent: page
        transcript: page.rows
        x: Math.max(16, Math.min(page.width - width - 16, Math.round((page.width + page.column) / 2) - width))
        y: Math.max(16, foot.y - height - 12)
    }
    LinkDialog { id: links }
    Announcer { // when an answer begins and when it ends, and never in between
        id: announcer
        objectName: "announcer"
        Accessible.role: Accessible.AlertMessage
        Accessible.name: text
    }
    Connections {
        target: page.rows
        function onAnswerBegan() { announcer.say(qsTr("The model begins to answer")); }
        function onAnswerEnded(stopped: bool) { announcer.say(stopped ? qsTr("The answer was stopped") : qsTr("The answer is there")); }
    }
}
