import QtQuick
import Ponder.Ui

// A conversation's title while it is typed in its place. Enter, or leaving it, keeps what was typed; Escape does not.
Field {
    signal done(string title)
    signal givenUp
    property bool over: false // said once, though the field loses the focus on its way out
    function end(kept: bool) {
        if (over) return;
        over = true;
        if (kept) done(text.trim()); else givenUp();
    }
    objectName: "renameField"
    Accessible.name: qsTr("Title of the conversation")
    Component.onCompleted: { forceActiveFocus(); selectAll(); }
    onAccepted: end(true)
    onActiveFocusChanged: if (!activeFocus) end(true)
    Keys.onEscapePressed: end(false)
}
