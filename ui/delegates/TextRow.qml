pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// A paragraph, a heading or the item of a list, inside whatever quotations it stands in.
Item {
    id: block
    required property RowData row
    readonly property bool heading: row.kind === ChatModel.Heading
    readonly property int size: !heading ? Theme.answerSize : row.level <= 2 ? Theme.headingSize : row.level === 3 ? Theme.px(18) : Theme.px(16)
    readonly property int line: !heading ? Theme.answerLine : row.level <= 2 ? Theme.headingLine : Theme.px(26)
    implicitHeight: edit.implicitHeight
    BlockMargin { id: margin; row: block.row; width: block.width; height: block.height; line: block.line; rise: edit.rise }
    ProseText {
        id: edit
        objectName: "proseText"
        x: margin.inset
        width: block.width - x
        height: implicitHeight
        prose: block.row.prose
        color: Theme.text
        linkColor: Theme.accent
        codeColor: Theme.bubble
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        font.family: block.heading && block.size >= 18 ? Theme.display : Theme.sans
        font.pixelSize: block.size
        font.weight: block.heading ? Font.DemiBold : Font.Normal
        font.letterSpacing: block.size >= 20 ? -0.012 * block.size : 0
        mono: Theme.mono
        lineHeight: block.line
        onLinkActivated: (link) => block.row.linkChosen(link)
        Accessible.role: block.heading ? Accessible.Heading : Accessible.Paragraph
        Accessible.name: edit.text
        RowMarks { row: block.row; edit: edit }
    }
}
