import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// A hit with the sentence it stands in, or a command.
AbstractButton {
    id: row
    required property int index
    required property string glyph
    required property bool thought
    required property string title
    required property string snippet
    required property var marks
    required property string detail
    required property bool mono
    property bool current: false
    implicitHeight: snippet.length > 0 ? Theme.px(62) : Theme.px(40)
    focusPolicy: Qt.NoFocus
    text: title
    Accessible.role: Accessible.ListItem
    Accessible.name: title + (snippet.length > 0 ? ", " + snippet : "") + (detail.length > 0 ? ", " + detail : "")
    Accessible.selected: current
    // With what was looked for marked. The words are escaped: nothing in them is read as markup.
    function marked(words: string): string {
        let html = "";
        let at = 0;
        for (let i = 0; i + 1 < marks.length; i += 2) {
            const from = marks[i];
            if (from < at) continue;
            html += Theme.escaped(words.slice(at, from)) + "<span style=\"background-color:" + Theme.mark + ";color:" + Theme.text + "\">"
                + Theme.escaped(words.slice(from, from + marks[i + 1])) + "</span>";
            at = from + marks[i + 1];
        }
        return html + Theme.escaped(words.slice(at));
    }
    background: Rectangle {
        radius: 10
        color: row.current ? Theme.sel : "transparent"
        border.width: Theme.highContrast && row.current ? 2 : 0
        border.color: Theme.text
    }
    RowLayout {
        anchors.fill: parent
        spacing: 12
        Icon {
            Layout.leftMargin: 12
            Layout.alignment: row.snippet.length > 0 ? Qt.AlignTop : Qt.AlignVCenter
            Layout.topMargin: row.snippet.length > 0 ? Math.round((row.height - words.implicitHeight + heading.implicitHeight - height) / 2) : 0
            name: row.glyph
            size: Theme.px(17)
            color: row.thought ? Theme.thought : Theme.muted
        }
        ColumnLayout {
            id: words
            Layout.fillWidth: true
            Layout.rightMargin: 12
            spacing: 2
            RowLayout {
                Layout.fillWidth: true
                spacing: 12
                UiText {
                    id: heading
                    Layout.fillWidth: true
                    textFormat: row.snippet.length === 0 && row.marks.length > 0 ? Text.StyledText : Text.PlainText
                    text: row.snippet.length === 0 && row.marks.length > 0 ? strong(row.title) : row.title
                    color: Theme.text
                    font.pixelSize: Theme.bodySize
                    font.weight: Font.Medium
                    elide: Text.ElideRight
                    Accessible.ignored: true
                    function strong(words: string): string {
                        let html = "";
                        let at = 0;
                        for (let i = 0; i + 1 < row.marks.length; i += 2) {
                            if (row.marks[i] < at) continue;
                            html += Theme.escaped(words.slice(at, row.marks[i])) + "<u>" + Theme.escaped(words.slice(row.marks[i], row.marks[i] + row.marks[i + 1])) + "</u>";
                            at = row.marks[i] + row.marks[i + 1];
                        }
                        return html + Theme.escaped(words.slice(at));
                    }
                }
                UiText {
                    Layout.maximumWidth: row.width / 2
                    visible: row.detail.length > 0
                    text: row.detail
                    color: Theme.muted
                    font.family: row.mono ? Theme.mono : Theme.sans
                    font.pixelSize: Theme.captionSize
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
            }
            Text {
                id: sentence
                visible: row.snippet.length > 0
                Layout.fillWidth: true
                clip: true
                textFormat: Text.RichText
                text: row.snippet.length > 0 ? row.marked(row.snippet.replace(/\s+/g, " ")) : ""
                wrapMode: Text.NoWrap
                color: Theme.muted
                font.family: Theme.sans
                font.pixelSize: Theme.uiSize
                Accessible.ignored: true
                Rectangle { // rich text has no "…": what goes on fades
                    id: fade
                    visible: sentence.contentWidth > sentence.width
                    anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
                    width: Math.min(Theme.px(56), parent.width / 2)
                    readonly property color paper: row.current ? Theme.sel : Theme.raised
                    gradient: Gradient {
                        orientation: Gradient.Horizontal
                        GradientStop { position: 0; color: Qt.rgba(fade.paper.r, fade.paper.g, fade.paper.b, 0) }
                        GradientStop { position: 1; color: fade.paper }
                    }
                }
            }
        }
    }
}
