import QtQuick
import Ponder.App
import Ponder.Ui

// What can be done with a row of the transcript: on the right button, the menu key, or "more". There is one at a time, made
// when it is wanted.
ActionMenu {
    id: menu
    required property RowData row
    required property string selection // words chosen in the row
    readonly property ChatController chat: row ? row.actions.chat : null // the row can go while the menu is open
    readonly property bool idle: chat !== null && !chat.busy
    readonly property int head: row ? row.transcript.thoughtRowOf(row.index) : -1
    readonly property bool question: row !== null && row.kind === ChatModel.Question
    readonly property bool thought: row !== null && (row.kind === ChatModel.Thought || row.kind === ChatModel.Part)
    onRowChanged: if (!row) close()
    signal wordsWanted
    component Entry: ActionItem { height: visible ? implicitHeight : 0 }

    Entry { visible: menu.selection.length > 0; icon_: "copy"; text: qsTr("Copy the chosen words"); onTriggered: menu.wordsWanted() }
    Entry { visible: menu.question; icon_: "copy"; text: qsTr("Copy the question"); onTriggered: menu.chat.copyBlock(menu.row.index) }
    Entry { visible: menu.question; enabled: menu.idle; icon_: "edit"; text: qsTr("Edit the question"); onTriggered: menu.row.actions.edit(menu.row.message) }
    Entry { visible: !menu.question && !menu.thought; icon_: "copy"; text: qsTr("Copy the answer"); onTriggered: menu.chat.copyAnswer(menu.row.index) }
    Entry { visible: !menu.question && menu.head >= 0; icon_: "copy"; text: qsTr("Copy the thought"); onTriggered: menu.chat.copyThought(menu.row.index) }
    Entry { visible: !menu.question && menu.head >= 0; icon_: "copy"; text: qsTr("Copy both"); onTriggered: menu.chat.copyBoth(menu.row.index) }
    Entry {
        visible: menu.thought && menu.row.shown !== ChatModel.Full
        icon_: "down"
        text: qsTr("Show the whole thought")
        onTriggered: menu.row.transcript.showThought(menu.row.index, ChatModel.Full)
    }
    Entry {
        visible: menu.thought && menu.row.shown !== ChatModel.Tail
        icon_: "think"
        text: qsTr("Show its end only")
        onTriggered: menu.row.transcript.showThought(menu.row.index, ChatModel.Tail)
    }
    Entry {
        visible: menu.thought && menu.row.shown !== ChatModel.Shut
        icon_: "right"
        text: qsTr("Shut the thought")
        onTriggered: menu.row.transcript.showThought(menu.row.index, ChatModel.Shut)
    }
    Entry { visible: !menu.question; enabled: menu.idle; icon_: "redo"; text: qsTr("Answer again"); onTriggered: menu.chat.regenerate(menu.row.message) }
    Entry { visible: !menu.question; icon_: "stats"; text: qsTr("Statistics"); onTriggered: menu.row.actions.statisticsWanted(menu.row.message) }
    Entry { visible: !menu.question && menu.chat !== null && !menu.chat.temporary; icon_: "export"; text: qsTr("Export this answer…"); onTriggered: menu.row.actions.exportWanted(menu.row.message) }
}
