pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Ponder.Ui

// One memory of the plan: its bar, and the same facts in words.
RowLayout {
    id: bar
    property string icon_: ""
    property string name: ""
    property string detail: ""
    property string total: ""
    property real room: 1 // of what the bar stands for; below 1: what is beyond has none
    property list<real> shares
    property var words: []
    readonly property list<real> tints: [1, 0.55, 0.28]
    spacing: 12
    Icon { Layout.alignment: Qt.AlignTop; name: bar.icon_; size: Theme.px(18); color: Theme.muted }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 6
        GridLayout {
            Layout.fillWidth: true
            columns: bar.width < Theme.px(360) ? 1 : 3
            columnSpacing: 8
            rowSpacing: 2
            UiText { text: bar.name; color: Theme.text; font.weight: Font.DemiBold }
            UiText { Layout.fillWidth: true; text: bar.detail; color: Theme.muted; elide: Text.ElideRight }
            MonoText { text: bar.total; color: bar.room < 1 ? Theme.danger : Theme.text }
        }
        Rectangle {
            id: track
            Layout.fillWidth: true
            implicitHeight: 14
            radius: 4
            color: Theme.sunken
            border.width: 1
            border.color: Theme.border
            Rectangle { // what there is
                visible: bar.room < 1
                z: 1
                x: Math.round(bar.room * track.width) - 1
                y: -4
                width: 2
                height: track.height + 8
                color: Theme.danger
            }
            Row {
                Repeater {
                    model: bar.shares
                    Rectangle {
                        required property int index
                        required property real modelData
                        width: Math.round(modelData * track.width)
                        height: track.height
                        radius: 4
                        color: Qt.rgba(Theme.accent.r, Theme.accent.g, Theme.accent.b, bar.tints[index])
                        border.width: Theme.highContrast ? 1 : 0
                        border.color: Theme.accent
                    }
                }
            }
        }
        UiText { visible: bar.room < 1; Layout.fillWidth: true; text: qsTr("The line is where the memory ends."); color: Theme.danger; font.pixelSize: Theme.captionSize; wrapMode: Text.WordWrap }
        UiText { Layout.fillWidth: true; text: bar.words.join("  ·  "); color: Theme.muted; font.pixelSize: Theme.captionSize; wrapMode: Text.WordWrap }
    }
}
