import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// A value between two others. moved() while it is dragged; let go: settled.
Slider {
    id: slider
    property string name: ""
    implicitWidth: Theme.px(200)
    implicitHeight: Theme.px(24)
    padding: 0
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Slider
    Accessible.name: name
    background: Rectangle {
        x: slider.leftPadding
        y: slider.topPadding + slider.availableHeight / 2 - height / 2
        width: slider.availableWidth
        height: 4
        radius: 2
        color: Theme.sel
        border.width: Theme.highContrast ? 1 : 0
        border.color: Theme.strong
        Rectangle { width: slider.visualPosition * parent.width; height: parent.height; radius: 2; color: Theme.accent }
    }
    handle: Rectangle {
        x: slider.leftPadding + slider.visualPosition * (slider.availableWidth - width)
        y: slider.topPadding + slider.availableHeight / 2 - height / 2
        width: Theme.px(18)
        height: width
        radius: width / 2
        color: Theme.dark ? Theme.text : Theme.raised
        border.width: 1
        border.color: Theme.strong
        FocusRing { target: slider; visible: slider.visualFocus; radius: height / 2 }
    }
}
