import QtQuick
import Ponder.Ui

// The keys of a command, beside it; framed where they stand for themselves.
UiText {
    id: kbd
    property bool framed: false
    color: Theme.faint
    font.pixelSize: framed ? Theme.smallSize : Theme.captionSize
    leftPadding: framed ? 6 : 0
    rightPadding: leftPadding
    topPadding: framed ? 3 : 0
    bottomPadding: topPadding
    Accessible.ignored: true
    Rectangle {
        visible: kbd.framed
        anchors.fill: parent
        z: -1
        radius: 5
        color: Theme.raised
        border.width: 1
        border.color: Theme.border
    }
}
