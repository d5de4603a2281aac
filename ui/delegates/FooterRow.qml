import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// Under an answer: what can be done with it, and what was measured.
RowLayout {
    id: footer
    required property RowData row
    property bool copied: false
    spacing: 2
    implicitHeight: 32
    IconButton {
        Layout.leftMargin: -7
        icon_: footer.copied ? "check" : "copy"
        tint: footer.copied ? Theme.ok : Theme.muted
        iconSize: 16
        text: footer.copied ? qsTr("Copied") : qsTr("Copy the answer")
        onClicked: {
            footer.row.copyWanted();
            footer.copied = true;
            revert.restart();
        }
        Timer { id: revert; interval: 1500; onTriggered: footer.copied = false }
    }
    IconButton {
        visible: footer.row.last
        icon_: "redo"
        iconSize: 16
        text: qsTr("Answer again")
        onClicked: footer.row.againWanted()
    }
    Item { Layout.fillWidth: true }
    MonoText { text: footer.row.detail }
}
