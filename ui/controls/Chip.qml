import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A small button of the composer that says what is chosen. progress: 0 to 1 draws a bar along its foot, below 0 none.
AbstractButton {
    id: chip
    property string icon_: ""
    property string detail: ""
    property double progress: -1
    property bool menu: true
    property bool compact: false // the icon alone says it
    property int maxTextWidth: Theme.px(260)
    implicitWidth: row.implicitWidth + 22
    implicitHeight: Theme.px(30)
    focusPolicy: Qt.StrongFocus
    Accessible.name: detail.length > 0 ? text + " " + detail : text
    Accessible.role: Accessible.Button
    background: Rectangle {
        radius: Theme.radius
        color: chip.down ? Theme.sel : chip.hovered ? Theme.hover : Theme.raised
        border.width: 1
        border.color: Theme.border
        FocusRing { target: chip; visible: chip.visualFocus }
        Meter {
            visible: chip.progress >= 0
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: 1; leftMargin: 8; rightMargin: 8 }
            height: 2
            value: chip.progress
        }
    }
    Item {
        anchors.fill: parent
        RowLayout {
            id: row
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 22)
            spacing: 7
            Icon { name: chip.icon_; size: Theme.px(16); color: Theme.muted }
            UiText {
                visible: !chip.compact
                text: chip.text
                color: Theme.text
                font.weight: Font.Medium
                elide: Text.ElideMiddle
                Layout.fillWidth: true
                Layout.maximumWidth: Math.min(chip.maxTextWidth, Math.ceil(implicitWidth))
                Accessible.ignored: true
            }
            MonoText { visible: text.length > 0 && !chip.compact; text: chip.detail; Accessible.ignored: true }
            Icon { visible: chip.menu; name: "down"; size: Theme.px(14); color: Theme.muted }
        }
    }
}
