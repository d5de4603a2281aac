import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// One act of an ActionMenu, with its keys at the right.
MenuItem {
    id: item
    property string icon_: ""
    property string key: ""
    property bool grave: false
    readonly property color ink: !enabled ? Theme.faint : grave ? Theme.danger : Theme.text
    implicitHeight: Theme.px(36)
    padding: 0
    leftPadding: 10
    rightPadding: 10
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
    background: Rectangle { radius: Theme.radius; color: item.highlighted ? Theme.hover : "transparent" }
    indicator: null
    arrow: null
    contentItem: RowLayout {
        spacing: 10
        Icon { visible: item.icon_.length > 0; name: item.icon_; size: Theme.px(16); color: item.ink }
        UiText { Layout.fillWidth: true; text: item.text; color: item.ink; elide: Text.ElideRight; Accessible.ignored: true }
        Kbd { visible: item.key.length > 0; text: item.key }
    }
}
