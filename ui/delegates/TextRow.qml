pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// A paragraph, a heading or the item of a list, inside whatever quotations it stands in.
Item {
    id: block
    required property RowData row
    readonly property bool heading: row.kind === ChatModel.Heading
    readonly property int size: !heading ? Theme.answerSize : row.level <= 2 ? Theme.headingSize : row.level === 3 ? 18 : 16
    readonly property int line: !heading ? Theme.answerLine : row.level <= 2 ? Theme.headingLine : 26
    readonly property int inset: 14 * row.quote + 20 * row.indent
    implicitHeight: edit.height
    Repeater {
        model: block.row.quote
        Rectangle {
            required property int index
            x: 14 * index
            width: 2
            height: block.height
            color: Theme.strong
        }
    }
    UiText {
        visible: block.row.marker.length > 0 && block.row.task === 0
        anchors { right: edit.left; rightMargin: 7 }
        y: 2 // a fixed line height puts what is over above the letters
        height: block.line
        verticalAlignment: Text.AlignVCenter
        text: block.row.marker
        color: Theme.muted
        font.pixelSize: text === "•" ? 18 : Theme.answerSize
        Accessible.ignored: true
    }
    Rectangle {
        visible: block.row.task > 0
        anchors { right: edit.left; rightMargin: 7 }
        y: (block.line - height) / 2 + 2
        width: 14
        height: 14
        radius: 4
        color: block.row.task === 2 ? Theme.accent : "transparent"
        border.width: block.row.task === 2 ? 0 : 1
        border.color: Theme.strong
        Icon { anchors.centerIn: parent; visible: block.row.task === 2; name: "check"; size: 12; color: Theme.accentInk }
        Accessible.role: Accessible.CheckBox
        Accessible.name: block.row.task === 2 ? qsTr("done") : qsTr("to do")
    }
    TextEdit {
        id: edit
        x: block.inset
        width: block.width - x
        readOnly: true
        selectByMouse: true
        textFormat: TextEdit.RichText
        wrapMode: TextEdit.Wrap
        text: Theme.rich(block.row.text, block.size, block.line)
        color: Theme.text
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        font.family: block.heading && block.size >= 18 ? Theme.display : Theme.sans
        font.pixelSize: block.size
        font.weight: block.heading ? Font.DemiBold : Font.Normal
        onLinkActivated: (link) => block.row.linkChosen(link)
        activeFocusOnPress: true
        Accessible.role: block.heading ? Accessible.Heading : Accessible.Paragraph
        Accessible.name: edit.getText(0, edit.length)
        HoverHandler { cursorShape: edit.hoveredLink.length > 0 ? Qt.PointingHandCursor : Qt.IBeamCursor }
    }
}
