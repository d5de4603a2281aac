import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// One setting: its name and what it does at the left, its control at the right, or below where the window is narrow.
GridLayout {
    id: row
    property string name: ""
    property string hint: ""
    property bool breaks: false // a hint without spaces
    default property alias control: holder.data
    Layout.fillWidth: true
    columns: breaks || width < Theme.px(400) ? 1 : 2
    columnSpacing: 20
    rowSpacing: 6
    ColumnLayout {
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        Layout.alignment: Qt.AlignVCenter
        spacing: 1
        UiText { Layout.fillWidth: true; text: row.name; color: Theme.text; font.weight: Font.Medium; wrapMode: Text.WordWrap }
        UiText {
            Layout.fillWidth: true
            visible: text.length > 0
            text: row.hint
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            wrapMode: row.breaks ? Text.WrapAnywhere : Text.WordWrap
        }
    }
    RowLayout { id: holder; spacing: 10; Layout.fillWidth: row.columns === 1; Layout.alignment: row.columns === 1 ? Qt.AlignLeft : Qt.AlignRight | Qt.AlignVCenter; Layout.maximumWidth: row.columns === 1 ? row.width : Theme.px(300) }
}
