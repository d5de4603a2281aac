import QtQuick
import Ponder.Ui

// Stands where the next word of a thought will; StreamText puts it there.
Rectangle {
    width: 8
    height: 15
    radius: 2
    color: Theme.thought
    Accessible.ignored: true
}
