import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

Rectangle {
    id: code
    required property RowData row
    property bool copied: false
    readonly property int inset: 14 * row.quote + 20 * row.indent
    x: inset
    width: parent ? parent.width - inset : 0
    implicitHeight: bar.height + scroll.height
    radius: Theme.radiusCard
    color: Theme.sunken
    border.width: 1
    border.color: Theme.border
    Accessible.role: Accessible.Grouping
    Accessible.name: row.language.length > 0 ? qsTr("Code in %1").arg(row.language) : qsTr("Code")
    Item {
        id: bar
        width: parent.width
        height: 36
        UiText {
            id: language
            anchors { left: parent.left; leftMargin: 16; verticalCenter: parent.verticalCenter }
            text: code.row.language.length > 0 ? code.row.language : qsTr("text")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            font.weight: Font.Medium
        }
        UiText {
            anchors { left: language.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
            text: edit.lineCount === 1 ? qsTr("1 line") : qsTr("%1 lines").arg(edit.lineCount)
            color: Theme.faint
            font.pixelSize: Theme.captionSize
        }
        PushButton {
            anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
            flat: true
            implicitHeight: 28
            icon_: code.copied ? "check" : "copy"
            text: code.copied ? qsTr("Copied") : qsTr("Copy")
            onClicked: {
                code.row.copyWanted();
                code.copied = true;
                revert.restart();
            }
            Timer { id: revert; interval: 1500; onTriggered: code.copied = false }
        }
        Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 1; rightMargin: 1 } height: 1; color: Theme.border }
    }
    Flickable {
        id: scroll
        anchors { left: parent.left; right: parent.right; top: bar.bottom; leftMargin: 16; rightMargin: 16 }
        height: edit.height + 28
        contentWidth: edit.width
        contentHeight: height
        clip: true
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentWidth > width
        ScrollBar.horizontal: ScrollBar { height: 6; visible: scroll.interactive }
        TextEdit {
            id: edit
            y: 13
            width: Math.max(implicitWidth, scroll.width)
            readOnly: true
            selectByMouse: true
            textFormat: TextEdit.RichText
            wrapMode: TextEdit.NoWrap
            text: Theme.rich(Theme.escaped(code.row.text), Theme.codeSize, Theme.codeLine)
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            Accessible.role: Accessible.Paragraph
            Accessible.name: code.row.text
        }
    }
}
