import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// A block of code: what it is and what can be done with it on a bar that stays in view, the code below.
Rectangle {
    id: code
    required property RowData row
    property bool wraps: false
    property bool copied: false
    property string saved: ""
    readonly property int barHeight: Theme.px(36)
    x: margin.inset
    width: parent ? parent.width - margin.inset : 0
    implicitHeight: barHeight + scroll.height
    radius: Theme.radiusCard
    color: Theme.sunken
    border.width: 1
    border.color: Theme.border
    Accessible.role: Accessible.Grouping
    Accessible.name: edit.title.length > 0 ? qsTr("Code in %1").arg(edit.title) : qsTr("Code")
    BlockMargin { id: margin; x: -inset; row: code.row; width: code.parent ? code.parent.width : 0; height: code.height }
    Connections {
        target: code.row
        ignoreUnknownSignals: true
        function onReused() { code.wraps = false; code.copied = false; code.saved = ""; }
    }
    Flickable {
        id: scroll
        anchors { left: parent.left; right: parent.right; leftMargin: 16; rightMargin: 16 }
        y: code.barHeight
        height: edit.height + 28
        contentWidth: edit.width
        contentHeight: height
        clip: true
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentWidth > width
        ScrollBar.horizontal: ScrollBar { height: 6; visible: scroll.interactive }
        CodeText {
            id: edit
            objectName: "codeText"
            y: 13
            width: Math.max(implicitWidth, scroll.width)
            height: implicitHeight
            code: code.row.text
            language: code.row.language
            wrap: code.wraps
            room: scroll.width
            color: Theme.text
            keywordColor: Theme.accent
            literalColor: Theme.warn
            commentColor: Theme.faint
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            lineHeight: Theme.codeLine
            onSavedTo: (error) => code.saved = error.length > 0 ? error : qsTr("Saved")
            Accessible.role: Accessible.Paragraph
            Accessible.name: edit.text
            RowMarks { row: code.row; edit: edit }
        }
    }
    Rectangle { // stays at the top of the window as long as some of the code is there
        readonly property real hidden: edit.view.height > 0 ? edit.view.y + edit.y - 13 : 0
        y: Math.max(0, Math.min(hidden, code.height - height - Theme.radiusCard))
        width: parent.width
        height: code.barHeight
        radius: Theme.radiusCard
        color: Theme.sunken
        border.width: 1
        border.color: Theme.border
        Rectangle { // square below, where the code goes on
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 1; rightMargin: 1 }
            height: Theme.radiusCard
            color: Theme.sunken
            Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom } height: 1; color: Theme.border }
        }
        UiText {
            id: language
            anchors { left: parent.left; leftMargin: 16; verticalCenter: parent.verticalCenter }
            width: Math.min(implicitWidth, Math.max(0, parent.width - 260))
            elide: Text.ElideRight
            text: edit.title.length > 0 ? edit.title : qsTr("Text")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            font.weight: Font.Medium
        }
        MonoText {
            anchors { left: language.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
            text: code.saved.length > 0 ? code.saved : qsTr("%n line(s)", "", edit.lineCount)
            color: Theme.faint
        }
        Row {
            anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
            IconButton {
                objectName: "wrapCode"
                implicitHeight: Theme.px(28)
                icon_: "wrap"
                iconSize: 16
                tint: code.wraps ? Theme.accent : Theme.muted
                text: code.wraps ? qsTr("Do not wrap long lines") : qsTr("Wrap long lines")
                onClicked: code.wraps = !code.wraps
            }
            IconButton {
                objectName: "saveCode"
                implicitHeight: Theme.px(28)
                icon_: "save"
                iconSize: 16
                text: qsTr("Save as a file")
                onClicked: saver.ask()
            }
            PushButton {
                objectName: "copyCode"
                flat: true
                implicitHeight: Theme.px(28)
                icon_: code.copied ? "check" : "copy"
                text: code.copied ? qsTr("Copied") : qsTr("Copy")
                onClicked: {
                    code.row.copyWanted();
                    code.copied = true;
                    revert.restart();
                }
            }
        }
        Timer { id: revert; interval: 1500; onTriggered: code.copied = false }
    }
    Loader { // made when it is wanted
        id: saver
        function ask() {
            setSource("SaveCode.qml", { suffix: edit.suffix });
            (item as SaveCode).open();
        }
        Connections {
            target: saver.item as SaveCode
            function onChosen(file: url) { edit.saveTo(file); }
        }
    }
}
