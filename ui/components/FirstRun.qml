pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// A conversation in which nothing has been said yet: what to try, how to get a model, and what this machine has room for.
Flickable {
    id: page
    required property Application app
    property bool dropping: false
    signal fileWanted
    signal asked(string question)
    readonly property ModelLoader model: app.model
    readonly property bool loaded: model.status === ModelLoader.Loaded
    readonly property bool loading: model.status === ModelLoader.Loading || model.status === ModelLoader.Checking || model.status === ModelLoader.Cancelling
    objectName: "firstRun"
    contentHeight: column.y + column.implicitHeight + 24
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    ScrollBar.vertical: ScrollBar { width: 6 }
    ColumnLayout {
        id: column
        width: Math.min(Theme.columnWidth, page.width - 48)
        x: Math.round((page.width - width) / 2)
        y: page.height > Theme.px(620) ? 56 : 24
        spacing: 0
        Icon { name: "logo"; size: Theme.px(40); color: Theme.accent; Layout.leftMargin: -6 }
        UiText {
            Layout.fillWidth: true
            Layout.topMargin: 16
            text: qsTr("Ask something that takes thinking")
            color: Theme.text
            font.family: Theme.display
            font.pixelSize: Theme.displaySize
            font.weight: Font.DemiBold
            font.letterSpacing: -0.012 * Theme.displaySize
            airy: false
            lineHeight: 1.05
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.Heading
        }
        UiText {
            Layout.fillWidth: true
            Layout.topMargin: 8
            text: page.loaded && page.model.builtin ? qsTr("%1 is loaded, the small model in the box: it calculates, counts and compares. For everything else drop a DeepSeek-R1 model here.").arg(page.model.name)
                : page.loaded ? qsTr("%1 is loaded. What you write and what it answers stay on this computer.").arg(page.model.name)
                : qsTr("Ponder runs DeepSeek-R1 models on this computer. Open one, and see how it thinks.")
            color: Theme.muted
            font.pixelSize: Theme.answerSize
            lineHeight: Theme.answerLine
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
        }
        LoadCard { Layout.fillWidth: true; Layout.topMargin: 28; visible: page.loading; model: page.model }
        GridLayout {
            visible: page.loaded
            Layout.fillWidth: true
            Layout.topMargin: 28
            columns: width < Theme.px(480) ? 1 : 3
            columnSpacing: 12
            rowSpacing: 12
            Repeater {
                model: [
                    { icon: "compute", kind: qsTr("Compare decimals"), english: "Which is larger, 9.11 or 9.9?", question: qsTr("Which is larger, 9.11 or 9.9?") },
                    { icon: "search", kind: qsTr("Count letters"), english: "How many r are in strawberry?", question: qsTr("How many r are in strawberry?") },
                    { icon: "plus", kind: qsTr("Calculate"), english: "What is 4837 + 962?", question: qsTr("What is 4837 + 962?") }
                ]
                ExampleCard {
                    objectName: "example"
                    required property var modelData
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.preferredWidth: 1
                    icon_: modelData.icon
                    kind: modelData.kind
                    text: page.model.builtin ? modelData.english : modelData.question // the model in the box knows no other language
                    onClicked: page.asked(text)
                }
            }
        }
        ColumnLayout {
            visible: !page.loaded && !page.loading && page.model.recent.length > 0
            Layout.fillWidth: true
            Layout.topMargin: 24
            spacing: 0
            UiText { Layout.fillWidth: true; Layout.bottomMargin: 4; text: qsTr("Used before"); color: Theme.muted; font.pixelSize: Theme.captionSize; font.weight: Font.Medium }
            Repeater {
                model: page.model.recent
                RecentModel {
                    required property var modelData
                    Layout.fillWidth: true
                    Layout.leftMargin: -10
                    Layout.rightMargin: -10
                    text: modelData.name
                    detail: modelData.detail
                    missing: modelData.missing
                    onClicked: missing ? page.model.find(modelData.path) : page.model.open(modelData.path)
                    onForgotten: page.model.forget(modelData.path)
                }
            }
        }
        DropTarget {
            visible: !page.loading
            Layout.fillWidth: true
            Layout.topMargin: 28
            active: page.dropping
            key: page.app.commands.keyText(Commands.OpenModel)
            onFileWanted: page.fileWanted()
        }
        Rectangle { // the check of the device
            objectName: "hardwareLine"
            visible: page.model.deviceFree.length > 0
            Layout.fillWidth: true
            Layout.topMargin: 20
            implicitHeight: Math.max(Theme.px(52), facts.implicitHeight + 20)
            radius: Theme.radiusCard
            color: Theme.surface
            border.width: Theme.highContrast ? 1 : 0
            border.color: Theme.border
            GridLayout {
                id: facts
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: 16; rightMargin: 16 }
                readonly property bool tight: width < device.implicitWidth + room.implicitWidth + Theme.px(18) + 26
                columns: tight ? 1 : 2
                columnSpacing: 16
                rowSpacing: 2
                RowLayout {
                    spacing: 10
                    Icon { name: "gpu"; size: Theme.px(18); color: Theme.muted }
                    UiText { id: device; Layout.fillWidth: true; text: page.model.device + ", " + page.model.deviceFree; color: Theme.text; font.weight: Font.Medium; wrapMode: Text.WordWrap }
                }
                UiText {
                    id: room
                    Layout.fillWidth: true
                    Layout.leftMargin: facts.tight ? Theme.px(18) + 10 : 0
                    visible: text.length > 0
                    text: page.model.fitsUpTo
                    color: Theme.muted
                    horizontalAlignment: facts.columns === 1 ? Text.AlignLeft : Text.AlignRight
                    wrapMode: Text.WordWrap
                }
            }
        }
    }
}
