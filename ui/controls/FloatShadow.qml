pragma ComponentBehavior: Bound

import QtQuick
import Ponder.Ui

// The shadow of what floats: rectangles that grow outwards. It stands behind its parent.
Item {
    id: shadow
    property int radius: Theme.radiusLarge
    anchors.fill: parent
    z: -1
    Repeater {
        model: 7
        Rectangle {
            required property int index
            anchors.fill: parent
            anchors.margins: -index
            anchors.topMargin: 6 - index
            anchors.bottomMargin: -6 - index
            radius: shadow.radius + index
            color: Theme.shade
        }
    }
}
