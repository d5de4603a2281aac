pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// One of many, from a list that drops down. The rows are {text, value}.
ComboBox {
    id: choice
    property string name: ""
    textRole: "text"
    valueRole: "value"
    implicitWidth: Theme.px(200)
    implicitHeight: Theme.controlHeight
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.ComboBox
    Accessible.name: name
    background: Rectangle {
        radius: Theme.radius
        color: choice.down ? Theme.sel : choice.hovered ? Theme.hover : Theme.raised
        border.width: 1
        border.color: Theme.strong
        FocusRing { target: choice; visible: choice.visualFocus }
    }
    indicator: Icon { x: choice.width - width - 10; y: (choice.height - height) / 2; name: "down"; size: Theme.px(14); color: Theme.muted }
    contentItem: UiText {
        leftPadding: 10
        rightPadding: Theme.px(28)
        text: choice.displayText
        color: Theme.text
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
        Accessible.ignored: true
    }
    delegate: ItemDelegate {
        id: row
        required property int index
        required property var modelData
        width: choice.width - 12
        height: Theme.rowHeight
        highlighted: choice.highlightedIndex === index
        Accessible.name: modelData.text
        background: Rectangle { radius: Theme.radius; color: row.highlighted ? Theme.hover : "transparent" }
        contentItem: RowLayout {
            UiText { Layout.fillWidth: true; text: row.modelData.text; color: Theme.text; elide: Text.ElideRight; Accessible.ignored: true }
            Icon { visible: row.index === choice.currentIndex; name: "check"; size: Theme.px(16); color: Theme.accent }
        }
    }
    popup: Popup {
        y: choice.height + 4
        width: choice.width
        height: Math.min(contentItem.implicitHeight + 12, Theme.px(300))
        padding: 6
        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: choice.popup.visible ? choice.delegateModel : null
            currentIndex: choice.highlightedIndex
        }
        background: Rectangle {
            radius: Theme.radiusCard
            color: Theme.raised
            border.width: Theme.softOutline
            border.color: Theme.border
            FloatShadow { radius: Theme.radiusCard }
        }
    }
}
