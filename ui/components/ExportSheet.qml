pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// Writes the conversation, a branch of it or one answer into a file: how, how much, and where.
Sheet {
    id: sheet
    required property Application app
    property var message: 0 // of the answer that was meant; 0: the last one
    property int format: Exporter.Markdown
    property int scope: Exporter.Branch
    property bool thoughts: false
    property string failure: ""
    readonly property Exporter exporter: app.exporter
    readonly property bool replaces: visible && exporter.exists(path.text)
    signal written(path: string)
    title: qsTr("Export")
    hint: app.chat.title

    // answer: the id of one that was meant, else 0 for what the window shows.
    function ask(answer: var) {
        message = answer;
        scope = answer > 0 ? Exporter.Answer : Exporter.Branch;
        failure = "";
        path.text = exporter.suggestedPath(app.chat.title, format);
        open();
        formats.itemAt(format)?.forceActiveFocus();
    }
    function choose(row: var) {
        format = row.format;
        thoughts = row.thoughts;
        path.text = exporter.withSuffix(path.text, row.format);
    }
    function write() {
        failure = "";
        exporter.exportAs(format, scope, message, thoughts, exporter.fileOf(path.text));
    }

    Connections {
        target: sheet.exporter
        enabled: sheet.visible
        function onDone(file: url) {
            sheet.close();
            sheet.written(sheet.exporter.pathOf(file));
        }
        function onFailed(sentence: string) { sheet.failure = sentence; }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        Flickable {
            id: scroller
            Layout.fillWidth: true
            Layout.fillHeight: true
            implicitHeight: choices.implicitHeight
            contentHeight: choices.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: contentHeight > height
            ScrollBar.vertical: ScrollBar { policy: scroller.clip ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff }
            ColumnLayout {
                id: choices
                x: 24
                width: scroller.width - 48
                spacing: 0
                Repeater {
                    id: formats
                    model: sheet.exporter.formats
                    ChoiceRow {
                        required property var modelData
                        Layout.fillWidth: true
                        text: modelData.name
                        hint: modelData.use
                        detail: "." + modelData.suffix
                        checked: sheet.format === modelData.format
                        onClicked: sheet.choose(modelData)
                    }
                }
                Rule { }
                ChoiceRow {
                    Layout.fillWidth: true
                    text: qsTr("What is shown")
                    hint: qsTr("this branch, from the first question on")
                    checked: sheet.scope === Exporter.Branch
                    onClicked: sheet.scope = Exporter.Branch
                }
                ChoiceRow {
                    Layout.fillWidth: true
                    text: qsTr("Everything")
                    hint: qsTr("every version of every answer")
                    checked: sheet.scope === Exporter.All
                    onClicked: sheet.scope = Exporter.All
                }
                ChoiceRow {
                    Layout.fillWidth: true
                    text: sheet.message > 0 ? qsTr("This answer") : qsTr("The last answer")
                    hint: qsTr("with its question")
                    checked: sheet.scope === Exporter.Answer
                    onClicked: sheet.scope = Exporter.Answer
                }
                Rule { }
                ChoiceRow {
                    Layout.fillWidth: true
                    tick: true
                    text: qsTr("With thoughts")
                    hint: sheet.format === Exporter.Json && !sheet.thoughts ? qsTr("without them the file is not complete") : ""
                    checked: sheet.thoughts
                    onClicked: sheet.thoughts = !sheet.thoughts
                }
                Field {
                    id: path
                    objectName: "exportPath"
                    Layout.fillWidth: true
                    Layout.topMargin: 12
                    Layout.bottomMargin: 4
                    font.family: Theme.mono
                    font.pixelSize: Theme.numberSize
                    Accessible.name: qsTr("File")
                    onAccepted: if (go.enabled) sheet.write()
                }
                UiText {
                    objectName: "exportFailure"
                    Layout.fillWidth: true
                    Layout.topMargin: 8
                    visible: text.length > 0
                    text: sheet.failure
                    color: Theme.danger
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.AlertMessage
                }
            }
        }
        Rectangle { Layout.fillWidth: true; Layout.topMargin: 16; implicitHeight: 1; color: Theme.border }
        GridLayout {
            Layout.fillWidth: true
            Layout.margins: 24
            Layout.topMargin: 14
            Layout.bottomMargin: 14
            columns: sheet.width < Theme.px(480) ? 1 : 2
            RowLayout {
                visible: sheet.replaces
                spacing: 8
                Icon { name: "warn"; size: Theme.px(16); color: Theme.warn }
                UiText { Layout.fillWidth: true; text: qsTr("This file is there and will be replaced."); color: Theme.muted; wrapMode: Text.WordWrap }
            }
            RowLayout {
                Layout.alignment: Qt.AlignRight
                spacing: 8
                PushButton { text: qsTr("Cancel"); flat: true; onClicked: sheet.close() }
                PushButton {
                    id: go
                    objectName: "exportGo"
                    text: sheet.exporter.busy ? qsTr("Writing") : sheet.replaces ? qsTr("Replace") : qsTr("Export")
                    primary: true
                    key: qsTr("Enter")
                    enabled: !sheet.exporter.busy && path.text.trim().length > 0
                    onClicked: sheet.write()
                }
            }
        }
    }

    component Rule: Rectangle {
        Layout.fillWidth: true
        Layout.topMargin: 8
        Layout.bottomMargin: 8
        implicitHeight: 1
        color: Theme.border
    }
}
