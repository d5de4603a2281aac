pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// What stands left of a block: the rules of the quotations around it, and the mark of the item that it begins.
Item {
    id: margin
    required property RowData row
    property int line: Theme.answerLine
    property real rise: 0 // that the first line is lower than one of text
    // However deep it nests, most of the column is left to the words.
    readonly property int inset: Math.min(Theme.px(14) * row.quote + Theme.px(20) * row.indent, Math.round(width * 0.4))
    Repeater {
        model: margin.row.quote
        Rectangle {
            required property int index
            x: Theme.px(14) * index
            visible: x < margin.inset
            width: 2
            height: margin.height
            color: Theme.strong
        }
    }
    UiText {
        visible: margin.row.marker.length > 0 && margin.row.task === 0
        x: margin.inset - width - 7
        y: margin.rise
        height: margin.line
        verticalAlignment: Text.AlignVCenter
        text: margin.row.marker
        color: Theme.muted
        font.pixelSize: text === "•" ? Theme.px(18) : Theme.answerSize
        Accessible.ignored: true
    }
    Rectangle {
        visible: margin.row.task > 0
        x: margin.inset - width - 7
        y: margin.rise + Math.round((margin.line - height) / 2)
        width: Theme.px(14)
        height: width
        radius: 4
        color: margin.row.task === 2 ? Theme.accent : "transparent"
        border.width: margin.row.task === 2 ? 0 : 1
        border.color: Theme.strong
        Icon { anchors.centerIn: parent; visible: margin.row.task === 2; name: "check"; size: Theme.px(12); color: Theme.accentInk }
        Accessible.role: Accessible.CheckBox
        Accessible.name: margin.row.task === 2 ? qsTr("done") : qsTr("to do")
    }
}
