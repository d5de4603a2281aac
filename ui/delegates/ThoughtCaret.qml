import QtQuick
import Ponder.Ui

// Stands where the next word of a thought will; StreamText puts it there.
Rectangle {
    width: Theme.px(8)
    height: Theme.px(15)
    radius: Theme.px(2)
    color: Theme.thought
    Accessible.ignored: true
}
