pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// One of a few, side by side; they wrap where there is no room. Left and right choose.
Flow {
    id: segments
    property list<string> names
    property int current: 0
    property string name: ""
    // Of all in one line; what a Flow says of itself depends on how it has wrapped.
    readonly property real natural: {
        let sum = -spacing;
        for (let i = 0; i < row.count; ++i) if (row.itemAt(i)) sum += row.itemAt(i).implicitWidth + spacing;
        return sum;
    }
    signal chosen(int index)
    spacing: 4
    activeFocusOnTab: true
    Accessible.role: Accessible.PageTabList
    Accessible.name: name
    Keys.onLeftPressed: if (current > 0) chosen(current - 1)
    Keys.onRightPressed: if (current < names.length - 1) chosen(current + 1)
    Repeater {
        id: row
        model: segments.names
        AbstractButton {
            id: segment
            required property int index
            required property string modelData
            readonly property bool chosen: index === segments.current
            text: modelData
            implicitWidth: label.implicitWidth + 24
            implicitHeight: Theme.controlHeight
            focusPolicy: Qt.NoFocus
            Accessible.role: Accessible.RadioButton
            Accessible.name: text
            Accessible.checked: chosen
            onClicked: segments.chosen(index)
            background: Rectangle {
                radius: Theme.radius
                color: segment.chosen ? Theme.accentSoft : segment.hovered ? Theme.hover : "transparent"
                border.width: segment.chosen ? Theme.softOutline : 1
                border.color: segment.chosen ? Theme.accent : Theme.border
                FocusRing { visible: segments.activeFocus && segment.chosen }
            }
            UiText {
                id: label
                anchors.fill: parent
                text: segment.text
                color: segment.chosen ? Theme.accent : Theme.text2
                font.weight: Font.Medium
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                Accessible.ignored: true
            }
        }
    }
}
