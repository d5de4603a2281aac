import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// What has just been done and how to undo it, for ten seconds at the bottom centre; one at a time. It waits while the
// pointer or the keyboard is on it.
Rectangle {
    id: toast
    property string text: ""
    property string button: ""
    property real room: parent.width // where it stands
    signal acted
    signal gone
    function show(words: string, act: string) {
        text = words;
        button = act;
        shown = true;
        clock.restart();
    }
    function hide() {
        if (!shown) return;
        shown = false;
        clock.stop();
        gone();
    }
    property bool shown: false
    objectName: "toast"
    visible: opacity > 0
    opacity: shown ? 1 : 0
    width: Math.min(row.implicitWidth + 32, room - 32, Theme.px(560))
    height: Math.max(Theme.px(44), row.implicitHeight + 16)
    radius: Theme.radiusCard
    color: Theme.text
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text
    Behavior on opacity { NumberAnimation { duration: Theme.quick } }
    Timer { id: clock; interval: 10000; onTriggered: if (over.hovered || undo.visualFocus) restart(); else toast.hide() }
    HoverHandler { id: over }
    RowLayout {
        id: row
        anchors { fill: parent; leftMargin: 16; rightMargin: 16 }
        spacing: 20
        UiText { Layout.fillWidth: true; text: toast.text; color: Theme.bg; font.weight: Font.Medium; wrapMode: Text.Wrap; maximumLineCount: 4; elide: Text.ElideRight; Accessible.ignored: true }
        AbstractButton {
            id: undo
            objectName: "toastButton"
            visible: toast.button.length > 0
            text: toast.button
            focusPolicy: Qt.StrongFocus
            implicitWidth: word.implicitWidth
            implicitHeight: Theme.controlHeight
            Accessible.role: Accessible.Button
            Accessible.name: text
            onClicked: { toast.acted(); toast.hide(); }
            UiText { id: word; anchors.fill: parent; text: undo.text; color: Theme.toastAccent; font.weight: Font.DemiBold; font.underline: undo.hovered; verticalAlignment: Text.AlignVCenter; Accessible.ignored: true }
            FocusRing { target: undo; visible: undo.visualFocus; border.color: Theme.toastAccent }
        }
    }
}
