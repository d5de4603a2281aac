import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// One conversation of the list; its title can be typed in its place.
AbstractButton {
    id: row
    required property var chat
    required property string title
    required property bool pinned
    required property bool live
    property bool chosen: false
    property bool current: false // where the keyboard is
    property bool editing: false
    signal menuWanted
    signal renamed(string name)
    signal renameEnded
    implicitHeight: Theme.rowHeight
    focusPolicy: Qt.NoFocus // the list has it
    text: title
    Accessible.name: live ? qsTr("%1, being answered").arg(title) : pinned ? qsTr("%1, pinned").arg(title) : title
    Accessible.role: Accessible.ListItem
    Accessible.selected: chosen
    background: Rectangle {
        radius: Theme.radius
        color: row.chosen ? Theme.sel : row.hovered || row.current ? Theme.hover : "transparent"
        border.width: Theme.highContrast && row.chosen ? 2 : row.current ? 2 : 0
        border.color: row.current ? Theme.accent : Theme.text
    }
    TapHandler { acceptedButtons: Qt.RightButton; onTapped: row.menuWanted() }
    Item {
        anchors.fill: parent
        visible: !row.editing
        UiText {
            id: label
            objectName: "rowTitle"
            anchors { left: parent.left; right: mark.left; verticalCenter: parent.verticalCenter; leftMargin: 10; rightMargin: 8 }
            text: row.title
            color: row.chosen ? Theme.text : Theme.text2
            font.weight: row.chosen ? Font.DemiBold : Font.Normal
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        Item {
            id: mark
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            width: row.live || row.pinned ? Theme.px(16) : 0
            height: Theme.px(16)
            Icon { anchors.centerIn: parent; visible: row.pinned && !row.live; name: "pin"; size: Theme.px(14); color: Theme.muted }
            Rectangle {
                objectName: "liveDot"
                visible: row.live
                anchors.centerIn: parent
                width: Theme.px(14); height: width; radius: width / 2
                color: Qt.rgba(Theme.thought.r, Theme.thought.g, Theme.thought.b, 0.28)
                Rectangle { anchors.centerIn: parent; width: Theme.px(8); height: width; radius: width / 2; color: Theme.thought }
            }
        }
    }
    Loader {
        anchors.fill: parent
        active: row.editing
        sourceComponent: TitleField {
            readonly property ConversationRow owner: parent.parent as ConversationRow
            text: owner.title
            onDone: (title) => owner.renamed(title)
            onGivenUp: owner.renameEnded()
        }
    }
    Tip { visible: row.hovered && label.truncated && !row.editing; text: row.title }
}
