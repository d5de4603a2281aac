pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// A conversation in which nothing has been said yet.
Flickable {
    id: page
    required property Application app
    property bool dropping: false
    signal fileWanted
    signal asked(string question)
    readonly property bool loaded: app.model.status === ModelLoader.Loaded
    readonly property bool loading: app.model.status === ModelLoader.Loading || app.model.status === ModelLoader.Checking || app.model.status === ModelLoader.Cancelling
    contentHeight: column.implicitHeight + 160
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    ColumnLayout {
        id: column
        width: Math.min(Theme.columnWidth, page.width - 48)
        x: Math.round((page.width - width) / 2)
        y: 56
        spacing: 0
        Icon { name: "logo"; size: 40; color: Theme.accent; Layout.leftMargin: -6 }
        UiText {
            Layout.topMargin: 16
            text: qsTr("Ask something that takes thinking")
            color: Theme.text
            font.family: Theme.display
            font.pixelSize: Theme.displaySize
            font.weight: Font.DemiBold
            font.letterSpacing: -0.36
            Accessible.role: Accessible.Heading
        }
        UiText {
            Layout.fillWidth: true
            Layout.topMargin: 8
            text: page.loaded ? qsTr("%1 is loaded. What you write and what it answers stay on this computer.").arg(page.app.model.name)
                              : qsTr("Ponder runs DeepSeek-R1 models on this computer. Open one, and see how it thinks.")
            color: Theme.muted
            font.pixelSize: 16
            lineHeight: 26
            lineHeightMode: Text.FixedHeight
            wrapMode: Text.WordWrap
        }
        LoadCard { Layout.fillWidth: true; Layout.topMargin: 28; visible: page.loading; model: page.app.model }
        RowLayout {
            visible: page.loaded
            Layout.fillWidth: true
            Layout.topMargin: 28
            spacing: 12
            Repeater {
                model: [
                    { icon: "layers", kind: qsTr("Compare decimals"), question: qsTr("Which is larger, 9.11 or 9.9?") },
                    { icon: "search", kind: qsTr("Count letters"), question: qsTr("How many r are in strawberry?") },
                    { icon: "clock", kind: qsTr("Work out a date"), question: qsTr("What weekday is 1 March 2028?") }
                ]
                ExampleCard {
                    required property var modelData
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    icon_: modelData.icon
                    kind: modelData.kind
                    text: modelData.question
                    onClicked: page.asked(text)
                }
            }
        }
        DropTarget {
            visible: !page.loading
            Layout.fillWidth: true
            Layout.topMargin: 28
            active: page.dropping
            onFileWanted: page.fileWanted()
        }
        Rectangle {
            visible: page.app.model.deviceFree.length > 0
            Layout.fillWidth: true
            Layout.topMargin: 20
            implicitHeight: 52
            radius: Theme.radiusCard
            color: Theme.surface
            RowLayout {
                anchors { fill: parent; leftMargin: 16; rightMargin: 16 }
                spacing: 10
                Icon { name: "gpu"; size: 18; color: Theme.muted }
                UiText { text: page.app.model.device; color: Theme.text; font.weight: Font.Medium; elide: Text.ElideRight; Layout.fillWidth: true }
                MonoText { text: page.app.model.deviceFree }
            }
        }
    }
}
