pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A table of lines only, the rule below its head strong; wider than the column it scrolls.
Flickable {
    id: table
    required property RowData row
    readonly property int inset: 14 * row.quote + 20 * row.indent
    x: inset
    width: parent ? parent.width - inset : 0
    implicitHeight: grid.implicitHeight + (interactive ? 10 : 0)
    contentWidth: grid.width
    contentHeight: grid.implicitHeight
    clip: true
    flickableDirection: Flickable.HorizontalFlick
    boundsBehavior: Flickable.StopAtBounds
    interactive: contentWidth > width
    ScrollBar.horizontal: ScrollBar { height: 6; visible: table.interactive }
    Accessible.role: Accessible.Table
    Accessible.name: qsTr("Table with %1 columns").arg(row.columns)
    GridLayout {
        id: grid
        width: Math.max(implicitWidth, Math.min(table.width, 600))
        columns: Math.max(1, table.row.columns)
        columnSpacing: 0
        rowSpacing: 0
        Repeater {
            model: table.row.cells
            Item {
                id: cell
                required property int index
                required property string modelData
                readonly property bool head: index < grid.columns
                readonly property int align: table.row.alignments[index % grid.columns] ?? Text.AlignLeft
                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitWidth: Math.min(measure.implicitWidth, 360) + 28
                implicitHeight: label.height + 8
                Accessible.role: cell.head ? Accessible.ColumnHeader : Accessible.Cell
                Accessible.name: label.text.replace(/<style>.*<\/style>|<[^>]*>/g, "")
                Text { // how wide it would like to be; the label itself is as wide as its column
                    id: measure
                    visible: false
                    textFormat: Text.RichText
                    text: label.text
                    font: label.font
                    Accessible.ignored: true
                }
                Text {
                    id: label
                    width: cell.width - 16
                    x: cell.align === Text.AlignRight ? 4 : 0
                    y: 4
                    textFormat: Text.RichText
                    wrapMode: Text.Wrap
                    horizontalAlignment: cell.align
                    text: Theme.rich(cell.modelData, 15, 26)
                    color: Theme.text
                    font.family: Theme.sans
                    font.pixelSize: 15
                    font.weight: cell.head ? Font.DemiBold : Font.Normal
                    Accessible.ignored: true
                    onLinkActivated: (link) => table.row.linkChosen(link)
                }
                Rectangle {
                    anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
                    visible: cell.index < table.row.cells.length - grid.columns
                    height: 1
                    color: cell.head ? Theme.strong : Theme.border
                }
            }
        }
    }
}
