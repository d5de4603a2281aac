import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// A table of lines only, the rule below its head strong. Where there is room it goes beyond the column; then it scrolls.
Item {
    id: table
    required property RowData row
    readonly property int room: Math.min(Theme.px(960), row.width - 48) - margin.inset
    readonly property int space: width - margin.inset
    implicitHeight: scroll.height + (scroll.interactive ? 10 : 0)
    BlockMargin { id: margin; row: table.row; width: table.width; height: table.height }
    Flickable {
        id: scroll
        x: margin.inset
        width: Math.max(table.space, Math.min(edit.width, table.space + Math.floor((table.room - table.space) / 2)))
        height: edit.height
        contentWidth: edit.width
        contentHeight: height
        clip: true
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentWidth > width
        ScrollBar.horizontal: ScrollBar { parent: table; x: scroll.x; y: table.height - height; width: scroll.width; height: 6; visible: scroll.interactive }
        TableText {
            id: edit
            objectName: "tableText"
            width: implicitWidth
            height: implicitHeight
            columns: table.row.columns
            alignments: table.row.alignments
            room: table.space
            cells: table.row.cells
            color: Theme.text
            linkColor: Theme.accent
            codeColor: Theme.bubble
            headLine: Theme.strong
            rowLine: Theme.border
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: Theme.px(15)
            mono: Theme.mono
            lineHeight: Theme.px(26)
            onLinkActivated: (link) => table.row.linkChosen(link)
            Accessible.role: Accessible.Table
            Accessible.name: qsTr("Table with %1 columns").arg(table.row.columns)
            Accessible.description: edit.text
            RowMarks { row: table.row; edit: edit }
        }
    }
}
