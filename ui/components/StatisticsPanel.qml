pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// What was measured of one answer, and with what it was made. Shown on demand, above the composer at the right.
Popup {
    id: panel
    required property ChatModel transcript
    property double message: 0
    property var rows: []
    function show(wanted: double) {
        message = wanted;
        rows = transcript.statistics(wanted);
        open();
    }
    objectName: "statisticsPanel"
    width: Math.min(Theme.px(360), parent.width - 32)
    height: Math.min(implicitHeight, parent.height - 32)
    padding: 20
    topPadding: 14
    margins: 16
    focus: true
    modal: false
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.softOutline
        border.color: Theme.border
        FloatShadow { radius: Theme.radiusCard }
    }
    contentHeight: column.implicitHeight
    ColumnLayout {
        id: column
        anchors.fill: parent
        spacing: 8
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Statistics of the answer")
        RowLayout {
            Layout.fillWidth: true
            UiText {
                text: qsTr("Statistics of the answer")
                color: Theme.text
                font.pixelSize: Theme.bodySize
                font.weight: Font.DemiBold
                Layout.fillWidth: true
                Accessible.role: Accessible.Heading
            }
            IconButton { Layout.rightMargin: -10; icon_: "x"; iconSize: 16; focus: true; text: qsTr("Close"); tip: qsTr("Close  Esc"); onClicked: panel.close() }
        }
        ScrollView {
            Layout.fillWidth: true
            Layout.fillHeight: true
            ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
            contentWidth: availableWidth
            ColumnLayout {
                width: parent.width
                spacing: 5
                Repeater {
                    model: panel.rows
                    Item { // by hand: see SettingRow.qml
                        id: line
                        required property var modelData
                        Layout.fillWidth: true
                        implicitHeight: Math.max(label.height, value.height)
                        Accessible.role: Accessible.StaticText
                        Accessible.name: modelData.label + ": " + modelData.value
                        UiText { id: label; width: Math.min(implicitWidth, line.width * 0.6); text: line.modelData.label; color: Theme.muted; wrapMode: Text.WordWrap; Accessible.ignored: true }
                        MonoText {
                            id: value
                            anchors { left: label.right; right: parent.right; leftMargin: 16; baseline: label.baseline }
                            horizontalAlignment: Text.AlignRight
                            text: line.modelData.value
                            color: Theme.text
                            wrapMode: Text.WrapAnywhere
                            Accessible.ignored: true
                        }
                    }
                }
                UiText { visible: panel.rows.length === 0; text: qsTr("Nothing was measured of it."); color: Theme.muted }
            }
        }
    }
}
