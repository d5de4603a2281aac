import QtQuick
import QtQuick.Controls.Basic
import Ponder.Ui

// What a pictogram does, or the whole of what is cut; inverted, after a moment.
ToolTip {
    id: tip
    delay: 600
    padding: 8
    topPadding: 5
    bottomPadding: 5
    contentItem: UiText { text: tip.text; color: Theme.bg; font.pixelSize: Theme.captionSize; wrapMode: Text.Wrap }
    background: Rectangle { color: Theme.text; radius: 6 }
}
