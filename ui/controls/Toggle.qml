import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// On or off.
Switch {
    id: toggle
    property string name: "" // for assistive technology: the words stand beside it
    implicitWidth: Theme.px(38)
    implicitHeight: Theme.px(22)
    padding: 0
    focusPolicy: Qt.StrongFocus
    Accessible.name: name
    Accessible.role: Accessible.CheckBox
    Accessible.checked: checked
    indicator: Rectangle {
        implicitWidth: Theme.px(38)
        implicitHeight: Theme.px(22)
        radius: height / 2
        color: toggle.checked ? Theme.accent : Theme.raised
        border.width: toggle.checked ? 0 : 1
        border.color: Theme.strong
        Rectangle {
            y: 3
            x: toggle.checked ? parent.width - width - 3 : 3
            width: parent.height - 6
            height: width
            radius: width / 2
            color: toggle.checked ? Theme.accentInk : Theme.strong
            Behavior on x { NumberAnimation { duration: Theme.quick } }
        }
        FocusRing { target: toggle; visible: toggle.visualFocus; radius: height / 2 }
    }
}
