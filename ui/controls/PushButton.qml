import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

AbstractButton {
    id: button
    property string icon_: ""
    property string key: ""
    property bool primary: false
    property bool grave: false // what cannot be undone
    property bool flat: false
    implicitWidth: row.implicitWidth + 28
    implicitHeight: Theme.controlHeight
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.role: Accessible.Button
    readonly property color ink: !enabled ? Theme.faint : grave ? Theme.danger : primary ? Theme.accentInk : flat ? Theme.muted : Theme.text
    background: Rectangle {
        radius: Theme.radius
        color: !button.enabled ? Theme.sel
             : button.primary ? Theme.accent
             : button.down ? Theme.sel : button.hovered ? Theme.hover : button.flat ? "transparent" : Theme.raised
        border.width: button.primary || button.flat || !button.enabled ? 0 : 1
        border.color: button.grave ? Theme.danger : Theme.border
        FocusRing { target: button; visible: button.visualFocus }
    }
    Item {
        anchors.fill: parent
        RowLayout {
            id: row
            anchors.centerIn: parent
            spacing: 8
            Icon { visible: button.icon_.length > 0; name: button.icon_; size: Theme.px(16); color: button.ink }
            UiText { text: button.text; color: button.ink; font.weight: Font.Medium; Accessible.ignored: true }
            Kbd { visible: button.key.length > 0; text: button.key; color: button.primary ? button.ink : Theme.faint }
        }
    }
}
