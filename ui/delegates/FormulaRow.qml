import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// A display formula in the middle of its column; wider than that it scrolls. What KaTeX cannot set stands as it was written.
Item {
    id: formula
    required property RowData row
    implicitHeight: view.failed ? source.height + 16 : scroll.height + (scroll.interactive ? 8 : 0)
    BlockMargin { id: margin; row: formula.row; width: formula.width; height: formula.height; rise: Math.max(0, view.ascent - Math.round(line * 0.68)) }
    Flickable {
        id: scroll
        x: margin.inset
        width: formula.width - x
        height: view.height
        visible: !view.failed
        contentWidth: Math.max(width, view.width)
        contentHeight: height
        clip: true
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        interactive: view.width > width
        ScrollBar.horizontal: ScrollBar { parent: formula; x: scroll.x; y: formula.height - height; width: scroll.width; height: 6; visible: scroll.interactive }
        FormulaView {
            id: view
            objectName: "formulaView"
            x: Math.max(0, Math.round((scroll.width - width) / 2))
            width: implicitWidth
            height: implicitHeight
            tex: formula.row.text
            source: formula.row.source
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.pixelSize: Theme.answerSize
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Formula: %1").arg(formula.row.text)
            RowMarks { row: formula.row; edit: view }
        }
    }
    Rectangle {
        visible: view.failed
        x: margin.inset
        width: formula.width - x
        height: source.height + 16
        radius: Theme.radius
        color: Theme.sunken
        TextEdit {
            id: source
            objectName: "formulaSource"
            x: 12
            y: 8
            width: parent.width - 24
            readOnly: true
            selectByMouse: true
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            text: view.failed ? formula.row.source : ""
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            Accessible.role: Accessible.Paragraph
            Accessible.name: formula.row.source
            Accessible.description: view.error
        }
    }
}
