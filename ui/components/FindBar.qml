import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// Find within the conversation: docked above it, never over its text.
FocusScope {
    id: bar
    required property FindModel find
    property bool shown: false
    property int from: 0 // the row that is read: the first hit from there on comes first
    signal closed
    function open(row: int) {
        from = row;
        shown = true;
        field.forceActiveFocus();
        field.selectAll();
    }
    function close() {
        if (!shown) return;
        shown = false;
        find.clear();
        closed();
    }
    implicitHeight: shown ? Theme.px(44) + 16 : 0
    visible: shown
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Find in this conversation")
    Timer {
        id: typing
        interval: 120
        onTriggered: bar.search()
    }
    function search() {
        typing.stop();
        if (find.query === field.text) return;
        find.query = field.text;
        if (find.count > 0) find.startAt(from);
    }
    function step(by: int) {
        if (find.query !== field.text) return search();
        if (by > 0) find.next(); else find.previous();
    }
    Connections { // a hit of the search over all conversations
        target: bar.find
        function onQueryChanged() { if (field.text !== bar.find.query && !typing.running) field.text = bar.find.query; }
    }
    Rectangle {
        anchors { fill: parent; topMargin: 10; bottomMargin: 6 }
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : Theme.border
        RowLayout {
            anchors { fill: parent; leftMargin: 14; rightMargin: 6 }
            spacing: 4
            Icon { name: "search"; size: Theme.px(16); color: Theme.muted; Layout.rightMargin: 6 }
            TextField {
                id: field
                objectName: "findField"
                Layout.fillWidth: true
                focus: true
                padding: 0
                maximumLength: 200
                font.family: Theme.sans
                font.pixelSize: Theme.bodySize
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                placeholderText: qsTr("Find in questions, thoughts and answers")
                placeholderTextColor: Theme.faint
                background: null
                Accessible.name: qsTr("Find in this conversation")
                onTextEdited: typing.restart()
                Keys.onEscapePressed: bar.close()
                Keys.onPressed: (event) => {
                    if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
                        bar.step(event.modifiers & Qt.ShiftModifier ? -1 : 1);
                    else if (event.key === Qt.Key_Down) bar.step(1);
                    else if (event.key === Qt.Key_Up) bar.step(-1);
                    else return;
                    event.accepted = true;
                }
            }
            MonoText {
                objectName: "findCount"
                Layout.rightMargin: 4
                visible: bar.find.query.length > 0
                text: bar.find.count === 0 ? qsTr("not found") : (bar.find.current + 1) + " / " + bar.find.count
                color: bar.find.count === 0 ? Theme.danger : Theme.text2
            }
            IconButton { objectName: "findPrevious"; icon_: "up"; iconSize: 16; enabled: bar.find.count > 0; text: qsTr("The hit before"); tip: qsTr("The hit before  Shift F3"); onClicked: bar.step(-1) }
            IconButton { objectName: "findNext"; icon_: "down"; iconSize: 16; enabled: bar.find.count > 0; text: qsTr("The next hit"); tip: qsTr("The next hit  F3"); onClicked: bar.step(1) }
            IconButton { icon_: "x"; iconSize: 16; text: qsTr("Close"); tip: qsTr("Close  Esc"); onClicked: bar.close() }
        }
    }
    Shortcut { sequence: "F3"; enabled: bar.find.count > 0 || bar.shown; onActivated: bar.step(1) }
    Shortcut { sequence: "Shift+F3"; enabled: bar.find.count > 0 || bar.shown; onActivated: bar.step(-1) }
}
