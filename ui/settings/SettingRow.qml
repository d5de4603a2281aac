import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// One setting: its name and what it does at the left, its control at the right, or below where the window is narrow. Placed
// by hand: a GridLayout keeps the height that the words had in the first, narrow pass.
Item {
    id: row
    property string name: ""
    property string hint: ""
    property bool breaks: false // a hint without spaces
    default property alias control: holder.data
    readonly property real most: Math.min(holder.implicitWidth, Theme.px(340))
    readonly property bool below: breaks || width - most < Theme.px(150)
    Layout.fillWidth: true
    implicitHeight: below ? words.height + 6 + holder.height : Math.max(words.height, holder.height)
    Column {
        id: words
        y: row.below ? 0 : Math.round((row.height - height) / 2)
        width: row.below ? row.width : row.width - holder.width - 20
        spacing: 1
        UiText { width: words.width; text: row.name; color: Theme.text; font.weight: Font.Medium; wrapMode: Text.WordWrap }
        UiText {
            width: words.width
            visible: text.length > 0
            text: row.hint
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            wrapMode: row.breaks ? Text.WrapAnywhere : Text.WordWrap
        }
    }
    RowLayout {
        id: holder
        x: row.below ? 0 : row.width - width
        y: row.below ? words.height + 6 : Math.round((row.height - height) / 2)
        width: row.below ? Math.min(implicitWidth, row.width) : row.most
        spacing: 10
    }
}
