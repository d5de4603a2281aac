import QtQuick
import Ponder.Ui

// A bar that fills: progress, memory.
Rectangle {
    id: meter
    property double value: 0
    property color fill: Theme.accent
    implicitHeight: 4
    radius: height / 2
    color: Theme.sel
    Accessible.role: Accessible.ProgressBar
    Accessible.name: qsTr("%1 percent").arg(Math.round(value * 100))
    Rectangle {
        height: parent.height
        width: meter.value <= 0 ? 0 : Math.max(height, Math.round(parent.width * Math.min(1, meter.value)))
        radius: height / 2
        color: meter.fill
    }
}
