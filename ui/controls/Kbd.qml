import QtQuick
import Ponder.Ui

// The keys of a command, beside it.
UiText {
    color: Theme.faint
    font.pixelSize: Theme.captionSize
    Accessible.ignored: true
}
