import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// One of several that exclude each other, or with `tick` something to have or not: what it is, what it means, a detail.
AbstractButton {
    id: row
    property bool tick: false
    property string hint: ""
    property string detail: ""
    implicitWidth: 320
    implicitHeight: Theme.px(34)
    focusPolicy: Qt.StrongFocus
    Accessible.role: tick ? Accessible.CheckBox : Accessible.RadioButton
    Accessible.name: hint.length > 0 ? text + ", " + hint : text
    Accessible.checkable: true
    Accessible.checked: checked
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    background: Rectangle {
        anchors.fill: parent
        anchors.leftMargin: -10
        anchors.rightMargin: -10
        radius: Theme.radius
        color: row.down ? Theme.sel : row.hovered ? Theme.hover : "transparent"
        FocusRing { target: row; visible: row.visualFocus }
    }
    contentItem: RowLayout {
        spacing: 12
        Rectangle {
            Layout.preferredWidth: Theme.px(18)
            Layout.preferredHeight: Theme.px(18)
            radius: row.tick ? 5 : height / 2
            color: row.tick && row.checked ? Theme.accent : "transparent"
            border.width: row.tick && row.checked ? 0 : row.checked ? 2 : 1
            border.color: row.checked ? Theme.accent : Theme.strong
            Rectangle {
                visible: !row.tick && row.checked
                anchors.centerIn: parent
                width: Theme.px(8)
                height: width
                radius: width / 2
                color: Theme.accent
            }
            Icon {
                visible: row.tick && row.checked
                anchors.centerIn: parent
                name: "check"
                size: Theme.px(14)
                color: Theme.accentInk
            }
        }
        UiText { text: row.text; color: Theme.text; font.weight: Font.Medium; Accessible.ignored: true }
        UiText {
            Layout.fillWidth: true
            text: row.hint
            color: Theme.muted
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        MonoText { visible: row.detail.length > 0; text: row.detail; Accessible.ignored: true }
    }
}
