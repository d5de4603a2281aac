pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The models used last, and the way to another one.
Popup {
    id: menu
    required property ModelLoader model
    signal fileWanted
    width: 380
    padding: 6
    focus: true
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: 1
        border.color: Theme.border
        FloatShadow { radius: Theme.radiusCard }
    }
    contentItem: ColumnLayout {
        spacing: 0
        Repeater {
            model: menu.model.recent
            MenuRow {
                required property var modelData
                text: modelData.name
                detail: modelData.detail
                onClicked: {
                    menu.close();
                    menu.model.open(modelData.path);
                }
            }
        }
        MenuRow {
            text: qsTr("Choose a file")
            detail: "Ctrl O"
            onClicked: {
                menu.close();
                menu.fileWanted();
            }
        }
    }
    component MenuRow: AbstractButton {
        id: row
        property string detail: ""
        Layout.fillWidth: true
        implicitHeight: 36
        focusPolicy: Qt.StrongFocus
        Accessible.name: text
        Accessible.role: Accessible.MenuItem
        background: Rectangle {
            radius: Theme.radius
            color: row.hovered || row.visualFocus ? Theme.hover : "transparent"
        }
        contentItem: RowLayout {
            spacing: 8
            UiText { Layout.fillWidth: true; Layout.leftMargin: 10; text: row.text; color: Theme.text; elide: Text.ElideMiddle; Accessible.ignored: true }
            MonoText { Layout.rightMargin: 10; text: row.detail; Accessible.ignored: true }
        }
    }
}
