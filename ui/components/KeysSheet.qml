pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// Every act that has keys, by group, from the one table that the keys come from.
Sheet {
    id: sheet
    required property Application app
    readonly property var all: app.commands.rows
    readonly property var rows: all.filter(row => row.keyText.length > 0)
    readonly property var groups: [...new Set(rows.map(row => row.group))]
    objectName: "keysSheet"
    title: qsTr("Keys")
    wide: 760
    tall: 720
    Flickable {
        id: page
        anchors.fill: parent
        contentHeight: columns.implicitHeight + 32
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
        Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + 60))
        ScrollBar.vertical: ScrollBar { width: 6 }
        GridLayout {
            id: columns
            x: 24
            width: page.width - 48
            columns: width > Theme.px(620) ? 2 : 1
            columnSpacing: 40
            rowSpacing: 20
            Repeater {
                model: sheet.groups
                ColumnLayout {
                    id: group
                    required property string modelData
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.alignment: Qt.AlignTop
                    spacing: 2
                    UiText {
                        Layout.fillWidth: true
                        Layout.bottomMargin: 4
                        text: group.modelData
                        color: Theme.muted
                        font.pixelSize: Theme.captionSize
                        font.weight: Font.Medium
                        Accessible.role: Accessible.Heading
                    }
                    Repeater {
                        model: sheet.rows.filter(row => row.group === group.modelData)
                        RowLayout {
                            id: row
                            required property var modelData
                            Layout.fillWidth: true
                            Layout.preferredHeight: Math.max(Theme.px(30), name.contentHeight + 4)
                            spacing: 12
                            Accessible.role: Accessible.StaticText
                            Accessible.name: modelData.text + ": " + modelData.keyText.join(", ")
                            UiText { id: name; objectName: "keyName"; Layout.fillWidth: true; Layout.preferredWidth: 1; text: row.modelData.text; color: Theme.text; wrapMode: Text.Wrap; Accessible.ignored: true }
                            Repeater {
                                model: [...new Set(row.modelData.keyText.map(keys => keys.replace("Return", qsTr("Enter"))))] // as the other places call it
                                Kbd {
                                    required property string modelData
                                    framed: true
                                    text: modelData
                                    color: Theme.text2
                                    font.pixelSize: Theme.captionSize
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
