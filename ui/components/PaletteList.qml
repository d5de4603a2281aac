import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// The rows of the palette under their headings. No component in here may be bound: Qt 6.4 then makes no section headings.
ListView {
    property Component heading: null
    signal chosen(int row)
    objectName: "paletteList"
    clip: true
    currentIndex: 0
    highlightMoveDuration: 0
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Hits and commands")
    section.property: "section"
    section.delegate: heading
    delegate: PaletteRow {
        readonly property PaletteList view: ListView.view as PaletteList
        width: ListView.view.width
        current: ListView.isCurrentItem
        onClicked: view.chosen(index)
        onHoveredChanged: if (hovered) view.currentIndex = index
    }
    ScrollBar.vertical: ScrollBar { width: 6 }
}
