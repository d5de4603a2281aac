pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// What was thrown away: back again, or gone for good.
Sheet {
    id: sheet
    required property Application app
    property var doomed: 0 // the one that a question is asked about
    objectName: "trashSheet"
    title: qsTr("Trash")
    hint: qsTr("Conversations stay here for 30 days, then they are gone for good.")
    wide: 600
    tall: 520
    onAboutToShow: app.chat.trash.reload()
    onClosed: doomed = 0
    ListView {
        id: list
        objectName: "trashList"
        anchors.fill: parent
        anchors.margins: 12
        clip: true
        model: sheet.app.chat.trash
        activeFocusOnTab: true
        keyNavigationEnabled: true
        boundsBehavior: Flickable.StopAtBounds
        Accessible.role: Accessible.List
        Accessible.name: sheet.title
        ScrollBar.vertical: ScrollBar { width: 6 }
        delegate: Rectangle {
            id: row
            required property int index
            required property var chat
            required property string title
            required property string when
            readonly property bool asked: sheet.doomed === chat
            width: list.width
            height: words.implicitHeight + 16
            radius: Theme.radius
            color: asked ? Theme.dangerSoft : list.activeFocus && ListView.isCurrentItem ? Theme.hover : "transparent"
            Accessible.role: Accessible.ListItem
            Accessible.name: title
            GridLayout {
                id: words
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 12 }
                columns: width < Theme.px(420) ? 1 : 2
                columnSpacing: 12
                rowSpacing: 6
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0
                    UiText { Layout.fillWidth: true; text: row.title; color: Theme.text; elide: Text.ElideRight }
                    UiText {
                        Layout.fillWidth: true
                        text: row.asked ? qsTr("Nothing of it can be brought back.") : qsTr("Deleted %1").arg(row.when)
                        color: row.asked ? Theme.danger : Theme.muted
                        font.pixelSize: Theme.captionSize
                        wrapMode: Text.WordWrap
                    }
                }
                Flow {
                    Layout.fillWidth: words.columns === 1
                    Layout.preferredWidth: implicitWidth
                    spacing: 6
                    PushButton {
                        objectName: "restoreButton"
                        visible: !row.asked
                        icon_: "back"
                        text: qsTr("Restore")
                        onClicked: sheet.app.chat.restoreChat(row.chat)
                    }
                    PushButton {
                        objectName: "purgeButton"
                        visible: !row.asked
                        flat: true
                        text: qsTr("Delete for good")
                        onClicked: { sheet.doomed = row.chat; keep.forceActiveFocus(); }
                    }
                    PushButton {
                        id: keep
                        visible: row.asked
                        text: qsTr("Keep it")
                        onClicked: sheet.doomed = 0
                    }
                    PushButton {
                        objectName: "purgeConfirm"
                        visible: row.asked
                        grave: true
                        icon_: "trash"
                        text: qsTr("Delete for good")
                        onClicked: {
                            sheet.doomed = 0;
                            sheet.app.chat.purgeChat(row.chat);
                        }
                    }
                }
            }
        }
        UiText {
            visible: list.count === 0
            anchors.centerIn: parent
            text: qsTr("Nothing is in the trash.")
            color: Theme.muted
        }
    }
}
