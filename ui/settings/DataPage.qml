pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

ColumnLayout {
    id: page
    required property Application app
    property string wanted: "" // the copy that a question is asked about
    spacing: 22
    Component.onCompleted: app.backups.read()
    SettingRow {
        name: qsTr("Where everything is kept")
        hint: page.app.dataFolder
        breaks: true
        PushButton { objectName: "openFolder"; icon_: "folder"; text: qsTr("Open the folder"); onClicked: page.app.openDataFolder() }
    }
    UiText {
        Layout.fillWidth: true
        text: qsTr("Conversations, drafts and settings stay on this computer. Nothing is sent anywhere.")
        color: Theme.muted
        wrapMode: Text.WordWrap
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 8
        UiText { Layout.fillWidth: true; text: qsTr("Copies"); color: Theme.text; font.weight: Font.Medium; Accessible.role: Accessible.Heading }
        UiText {
            Layout.fillWidth: true
            text: page.app.backups.rows.length > 0 ? qsTr("Made before the file changes its form; the last five are kept.")
                                                   : qsTr("There is none yet. One is made before the file changes its form.")
            color: Theme.muted
            font.pixelSize: Theme.captionSize
            wrapMode: Text.WordWrap
        }
        Repeater {
            model: page.app.backups.rows
            Rectangle {
                id: copy
                required property var modelData
                readonly property bool asked: page.wanted === modelData.path
                Layout.fillWidth: true
                implicitHeight: line.implicitHeight + 12
                radius: Theme.radius
                color: asked ? Theme.warnSoft : "transparent"
                border.width: asked ? Theme.softOutline : 0
                border.color: Theme.softBorder(Theme.warn)
                GridLayout {
                    id: line
                    anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: copy.asked ? 10 : 0; rightMargin: anchors.leftMargin }
                    columns: width < Theme.px(380) ? 1 : 2
                    UiText {
                        Layout.fillWidth: true
                        text: copy.asked ? qsTr("Take this copy in place of the file? The file is kept beside it.") : copy.modelData.when + "  ·  " + copy.modelData.size
                        color: Theme.text
                        wrapMode: Text.WordWrap
                    }
                    Row {
                        Layout.alignment: Qt.AlignRight
                        spacing: 6
                        PushButton { visible: copy.asked; flat: true; text: qsTr("Cancel"); onClicked: page.wanted = "" }
                        PushButton {
                            text: qsTr("Restore")
                            primary: copy.asked
                            onClicked: {
                                if (!copy.asked) { page.wanted = copy.modelData.path; return; }
                                page.wanted = "";
                                page.app.backups.restore(copy.modelData.path);
                            }
                        }
                    }
                }
            }
        }
    }
}
