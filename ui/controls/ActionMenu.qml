import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// A menu of ActionItems.
Menu {
    property int wide: 240 // at 100 %
    width: Math.min(Math.max(Theme.px(wide), widest + 2 * padding), parent && parent.Window.window ? parent.Window.width - 2 * margins : Infinity)
    property real widest: 0 // of its items, so that none is cut
    onAboutToShow: {
        let most = 0;
        for (let i = 0; i < count; ++i) most = Math.max(most, itemAt(i).implicitWidth);
        widest = most;
    }
    padding: 6
    margins: 8
    background: Rectangle {
        radius: Theme.radiusCard
        color: Theme.raised
        border.width: Theme.softOutline
        border.color: Theme.border
        FloatShadow { radius: Theme.radiusCard }
    }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    exit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: Theme.quick } }
}
