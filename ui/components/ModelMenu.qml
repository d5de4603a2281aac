pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import QtQuick.Templates as T
import Ponder.App
import Ponder.Ui

// The models used last, and the way to another one. Up and down choose, Enter opens.
Popup {
    id: menu
    required property ModelLoader model
    signal fileWanted
    width: Math.min(Theme.px(400), T.Overlay.overlay ? T.Overlay.overlay.width - 32 : 400)
    padding: 6
    margins: 8
    focus: true
    onOpened: rows.itemAt(0) ? rows.itemAt(0).forceActiveFocus(Qt.TabFocusReason) : file.forceActiveFocus(Qt.TabFocusReason)
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.softOutline
        border.color: Theme.border
        FloatShadow { radius: Theme.radiusCard }
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        Accessible.role: Accessible.PopupMenu
        Accessible.name: qsTr("Models")
        Repeater {
            id: rows
            model: menu.model.recent
            RecentModel {
                required property var modelData
                Layout.fillWidth: true
                text: modelData.name
                detail: modelData.detail
                missing: modelData.missing
                onClicked: {
                    menu.close();
                    if (missing) menu.model.find(modelData.path);
                    else menu.model.open(modelData.path);
                }
                onForgotten: menu.model.forget(modelData.path)
            }
        }
        RecentModel {
            id: file
            Layout.fillWidth: true
            icon_: "file"
            text: qsTr("Choose a file")
            key: "Ctrl O"
            onClicked: {
                menu.close();
                menu.fileWanted();
            }
        }
    }
}
