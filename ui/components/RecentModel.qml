import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A model that was used before. One whose file is gone says so and can be located or forgotten.
AbstractButton {
    id: row
    property string icon_: "layers"
    property string detail: ""
    property string key: ""
    property bool missing: false
    signal forgotten
    implicitHeight: Theme.px(36)
    focusPolicy: Qt.StrongFocus
    Accessible.name: missing ? qsTr("%1, file missing, locate it").arg(text) : text + " " + detail
    Accessible.role: Accessible.MenuItem
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.TabFocusReason)
    background: Rectangle {
        radius: Theme.radius
        color: row.hovered || row.visualFocus ? Theme.hover : "transparent"
        border.width: row.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
    contentItem: RowLayout {
        spacing: 10
        Icon { Layout.leftMargin: 10; name: row.missing ? "warn" : row.icon_; size: Theme.px(16); color: row.missing ? Theme.warn : Theme.muted }
        UiText { Layout.fillWidth: true; text: row.text; color: row.missing ? Theme.muted : Theme.text; elide: Text.ElideMiddle; Accessible.ignored: true }
        UiText { visible: row.missing; text: qsTr("Locate…"); color: Theme.accent; font.weight: Font.Medium; Accessible.ignored: true }
        MonoText { visible: !row.missing && text.length > 0; Layout.rightMargin: 10; text: row.detail; Accessible.ignored: true }
        Kbd { visible: text.length > 0; Layout.rightMargin: 10; text: row.key }
        IconButton {
            visible: row.missing
            Layout.rightMargin: 2
            icon_: "x"
            iconSize: 14
            text: qsTr("Take it off the list")
            onClicked: row.forgotten()
        }
    }
}
