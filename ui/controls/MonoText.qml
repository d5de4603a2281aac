import QtQuick
import Ponder.Ui

// A number that was measured: digits of one width, so that ticking ones do not move.
UiText {
    color: Theme.muted
    font.family: Theme.mono
    font.pixelSize: Theme.numberSize
}
