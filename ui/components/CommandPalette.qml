pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import QtQuick.Templates as T
import Ponder.App
import Ponder.Ui

// Search and commands: what is typed is looked for in titles, questions, thoughts, answers, commands and models.
Popup {
    id: sheet
    required property Application app
    readonly property PaletteModel rows: app.palette
    objectName: "palette"
    parent: T.Overlay.overlay
    modal: true
    focus: true
    padding: 0
    width: Math.min(Theme.px(680), parent.width - 32)
    x: Math.round((parent.width - width) / 2)
    y: Math.min(96, Math.max(16, Math.round((parent.height - height) / 2)))
    height: Math.min(head.height + foot.height + list.contentHeight + 18, parent.height - 32, Theme.px(560))
    T.Overlay.modal: Rectangle { color: Theme.scrim }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.medium; easing.type: Easing.OutQuad } }
    exit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: Theme.quick } }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.raised
        border.width: Theme.softOutline
        border.color: Theme.border
        FloatShadow { }
    }
    function openWith(query: string) {
        rows.query = query;
        field.text = query;
        open();
        field.forceActiveFocus();
    }
    function choose(row: int) {
        if (rows.activate(row)) close();
    }
    onClosed: rows.query = ""
    Connections {
        target: sheet.rows
        function onQueryChanged() { if (field.text !== sheet.rows.query) field.text = sheet.rows.query; }
        function onRebuilt() { list.currentIndex = list.count > 0 ? 0 : -1; list.positionViewAtBeginning(); }
    }
    Item {
        anchors.fill: parent
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Search and commands")
        Item {
            id: head
            anchors { left: parent.left; right: parent.right; top: parent.top }
            height: Theme.px(60)
            Icon { id: glass; x: 20; anchors.verticalCenter: parent.verticalCenter; name: "search"; size: Theme.px(18); color: Theme.muted }
            TextField {
                id: field
                objectName: "paletteField"
                anchors { left: glass.right; right: count.left; leftMargin: 14; rightMargin: 12; verticalCenter: parent.verticalCenter }
                padding: 0
                background: null
                selectByMouse: true
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                placeholderText: qsTr("Search conversations, thoughts and commands")
                placeholderTextColor: Theme.faint
                font.family: Theme.sans
                font.pixelSize: Theme.titleSize
                Accessible.name: placeholderText
                Accessible.role: Accessible.EditableText
                onTextChanged: sheet.rows.query = text
                Keys.onPressed: (event) => {
                    const page = Math.max(1, Math.floor(list.height / Theme.px(48)));
                    const step = event.key === Qt.Key_Down ? 1 : event.key === Qt.Key_Up ? -1
                               : event.key === Qt.Key_PageDown ? page : event.key === Qt.Key_PageUp ? -page : 0;
                    if (step !== 0) list.currentIndex = Math.max(0, Math.min(list.count - 1, list.currentIndex + step));
                    else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) sheet.choose(list.currentIndex);
                    else if (event.key === Qt.Key_Tab) sheet.rows.nextFilter();
                    else return;
                    event.accepted = true;
                }
            }
            MonoText {
                id: count
                objectName: "paletteCount"
                anchors { right: parent.right; rightMargin: 20; verticalCenter: parent.verticalCenter }
                visible: sheet.rows.query.trim().length > 0 && !sheet.rows.query.startsWith(">")
                text: sheet.rows.searching && sheet.rows.hits === 0 ? qsTr("searching") : qsTr("%n hit(s)", "", sheet.rows.hits)
            }
            Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom } height: 1; color: Theme.border }
        }
        SectionHeads { id: heads }
        PaletteList {
            id: list
            heading: heads.palette
            anchors { left: parent.left; right: parent.right; top: head.bottom; bottom: foot.top; leftMargin: 8; rightMargin: 8; topMargin: 4; bottomMargin: 4 }
            model: sheet.rows
            onChosen: (row) => sheet.choose(row)
        }
        UiText {
            visible: list.count === 0
            anchors.centerIn: list
            text: qsTr("Nothing is called that.")
            color: Theme.muted
        }
        Item {
            id: foot
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: Math.max(Theme.px(44), hints.implicitHeight + 16)
            Rectangle { anchors { left: parent.left; right: parent.right; top: parent.top } height: 1; color: Theme.border }
            Flow {
                id: hints
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: 20; rightMargin: 20 }
                spacing: 16
                Repeater {
                    model: [["↑↓", qsTr("choose")], [qsTr("Enter"), qsTr("open at the place")], [qsTr("Tab"), qsTr("filter: in:thought, in:answer")], [qsTr("Esc"), qsTr("close")]]
                    Row {
                        id: hint
                        required property var modelData
                        spacing: 6
                        Kbd { framed: true; text: hint.modelData[0]; color: Theme.muted }
                        UiText { anchors.verticalCenter: parent.verticalCenter; text: hint.modelData[1]; color: Theme.muted; font.pixelSize: Theme.captionSize }
                    }
                }
            }
        }
    }
}
