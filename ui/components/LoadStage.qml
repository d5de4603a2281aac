import QtQuick
import Ponder.Ui

// One line of the load card: 0 to come, 1 now, 2 done.
Item {
    id: stage
    property string name: ""
    property string detail: ""
    property int phase: 0
    implicitHeight: Math.max(Theme.px(38), words.implicitHeight + 8)
    Accessible.role: Accessible.ListItem
    Accessible.name: phase === 2 ? qsTr("%1, done").arg(name) : phase === 1 ? qsTr("%1, now").arg(name) : name
    Icon {
        id: mark
        anchors.verticalCenter: parent.verticalCenter
        size: Theme.px(18)
        name: stage.phase === 2 ? "check" : stage.phase === 1 ? "arc" : "circle"
        color: stage.phase === 2 ? Theme.ok : stage.phase === 1 ? Theme.accent : Theme.faint
        RotationAnimation on rotation {
            running: stage.phase === 1 && mark.visible && !Theme.still
            from: 0; to: 360
            duration: 1200
            loops: Animation.Infinite
            onStopped: mark.rotation = 0
        }
    }
    UiText {
        id: words
        anchors { left: mark.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
        width: Math.min(Theme.px(236), (stage.width - x) * (stage.detail.length > 0 ? 0.5 : 1))
        text: stage.name
        font.pixelSize: Theme.bodySize
        wrapMode: Text.WordWrap
        font.weight: stage.phase === 1 ? Font.DemiBold : Font.Normal
        color: stage.phase === 0 ? Theme.muted : Theme.text
        Accessible.ignored: true
    }
    UiText {
        anchors { left: words.right; right: parent.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
        text: stage.detail
        color: Theme.muted
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
