import QtQuick
import Ponder.Ui

// Headings within lists. They are made outside of the lists that show them: where "section" is found in the context of such a
// component, and a ListView has a property of that name, Qt 6.4 uses a heading again without telling it its new text.
QtObject {
    property Component conversations: Item {
        required property string section
        width: ListView.view ? ListView.view.width : 0
        height: Theme.px(38)
        UiText {
            objectName: "groupLabel"
            anchors { left: parent.left; right: parent.right; leftMargin: 10; bottom: parent.bottom; bottomMargin: Theme.px(7) }
            text: parent.section
            color: Theme.muted
            elide: Text.ElideRight
            font.pixelSize: Theme.captionSize
            font.weight: Font.Medium
        }
    }
    property Component palette: Item { // words|number
        required property string section
        width: ListView.view ? ListView.view.width : 0
        height: Theme.px(36)
        UiText {
            objectName: "paletteHeading"
            anchors { left: parent.left; leftMargin: 12; bottom: parent.bottom; bottomMargin: Theme.px(6) }
            text: parent.section.split("|")[0]
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            font.weight: Font.Medium
        }
        MonoText {
            anchors { right: parent.right; rightMargin: 12; bottom: parent.bottom; bottomMargin: Theme.px(6) }
            text: parent.section.split("|")[1] ?? ""
            font.pixelSize: Theme.smallSize
        }
    }
}
