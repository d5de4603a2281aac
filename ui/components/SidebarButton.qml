import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A line of the sidebar that does something: new, search, trash.
AbstractButton {
    id: button
    property string icon_: ""
    property string key: ""
    property bool framed: false
    implicitHeight: Theme.px(36)
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.role: Accessible.Button
    background: Rectangle {
        radius: Theme.radius
        color: button.down ? Theme.sel : button.hovered ? Theme.hover : button.framed ? Theme.raised : "transparent"
        border.width: button.framed ? 1 : 0
        border.color: Theme.border
        FocusRing { target: button; visible: button.visualFocus }
    }
    contentItem: RowLayout {
        spacing: 8
        Icon { Layout.leftMargin: 10; name: button.icon_; size: Theme.px(16); color: button.framed ? Theme.accent : Theme.muted }
        UiText {
            Layout.fillWidth: true
            text: button.text
            color: button.framed ? Theme.text : Theme.muted
            font.weight: button.framed ? Font.Medium : Font.Normal
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        Kbd { text: button.key; Layout.rightMargin: 12; font.pixelSize: Theme.smallSize }
    }
}
