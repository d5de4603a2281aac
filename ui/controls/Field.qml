import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// One line of text to be typed.
TextField {
    id: field
    implicitHeight: Theme.controlHeight
    leftPadding: 10
    rightPadding: 10
    topPadding: 0
    bottomPadding: 0
    verticalAlignment: TextInput.AlignVCenter
    color: enabled ? Theme.text : Theme.faint
    placeholderTextColor: Theme.faint
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentInk
    selectByMouse: true
    font.family: Theme.sans
    font.pixelSize: Theme.uiSize
    Accessible.role: Accessible.EditableText
    background: Rectangle {
        radius: Theme.radius
        color: field.enabled ? Theme.raised : Theme.sunken
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : Theme.strong
    }
}
