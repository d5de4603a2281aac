import QtQuick
import Ponder.Ui

// The versions of a message: which one of how many is shown, and the ones beside it.
Row {
    id: switcher
    required property RowData row
    property int size: Theme.px(28)
    visible: row.siblings > 1
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Version %1 of %2").arg(row.sibling + 1).arg(row.siblings)
    IconButton {
        objectName: "olderVersion"
        implicitWidth: switcher.size
        implicitHeight: switcher.size
        icon_: "left"
        iconSize: 14
        enabled: switcher.row.sibling > 0 && !switcher.row.actions.chat.busy
        text: qsTr("The version before")
        tip: qsTr("The version before  Alt Left")
        onClicked: switcher.row.actions.chat.showSibling(switcher.row.message, -1)
    }
    MonoText {
        height: switcher.size
        verticalAlignment: Text.AlignVCenter
        text: (switcher.row.sibling + 1) + " / " + switcher.row.siblings
        color: Theme.text2
        Accessible.ignored: true
    }
    IconButton {
        objectName: "newerVersion"
        implicitWidth: switcher.size
        implicitHeight: switcher.size
        icon_: "right"
        iconSize: 14
        enabled: switcher.row.sibling + 1 < switcher.row.siblings && !switcher.row.actions.chat.busy
        text: qsTr("The version after")
        tip: qsTr("The version after  Alt Right")
        onClicked: switcher.row.actions.chat.showSibling(switcher.row.message, 1)
    }
}
