import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The head of a thought: one line that says how it goes or went. The whole line opens and shuts it; while it shows its end
// only, that is below. The parts of a thought that is wholly open are rows of their own.
Item {
    id: thought
    required property RowData row
    readonly property bool live: row.phase === ChatModel.Live
    readonly property bool finished: row.phase === ChatModel.Finished
    readonly property bool readable: live || finished
    readonly property bool tailShown: row.shown === ChatModel.Tail && readable
    implicitHeight: head.height + body.height
    function show(shown: int) { row.transcript.showThought(row.index, shown); }

    AbstractButton {
        id: head
        objectName: "thoughtHead"
        x: -8
        width: thought.width + 16
        height: Theme.controlHeight
        enabled: thought.readable
        focusPolicy: Qt.TabFocus
        text: thought.row.label
        Accessible.name: thought.row.label + ", " + (thought.row.shown === ChatModel.Shut ? qsTr("shut")
                       : thought.row.shown === ChatModel.Tail ? qsTr("its end is shown") : qsTr("open"))
        Accessible.description: thought.row.detail
        Accessible.role: Accessible.Button
        onClicked: thought.row.transcript.toggleThought(thought.row.index)
        Keys.onRightPressed: thought.show(Math.min(ChatModel.Full, thought.row.shown + 1))
        Keys.onLeftPressed: thought.show(Math.max(ChatModel.Shut, thought.row.shown - 1))
        background: Rectangle {
            radius: Theme.radius
            color: head.hovered && head.enabled ? Theme.hover : "transparent"
            FocusRing { target: head; visible: head.visualFocus }
        }
        RowLayout {
            anchors { fill: parent; rightMargin: 8 }
            spacing: 8
            Icon {
                Layout.leftMargin: 8
                size: Theme.px(16)
                name: thought.live ? "think" : thought.finished ? (thought.row.shown !== ChatModel.Shut ? "down" : "right") : "clock"
                color: thought.readable ? Theme.thought : Theme.muted
            }
            UiText {
                id: word
                text: thought.row.label
                font.pixelSize: Theme.bodySize
                font.weight: thought.readable ? Font.Medium : Font.Normal
                color: thought.readable ? Theme.thought : Theme.muted
                Accessible.ignored: true
                SequentialAnimation on opacity {
                    running: thought.live && word.visible && thought.Window.active && !Theme.still
                    loops: Animation.Infinite
                    onStopped: word.opacity = 1
                    NumberAnimation { to: 0.6; duration: 750; easing.type: Easing.InOutQuad }
                    NumberAnimation { to: 1; duration: 750; easing.type: Easing.InOutQuad }
                }
            }
            MonoText { visible: thought.live; text: thought.row.clock; font.pixelSize: Theme.uiSize; color: Theme.thought }
            Meter {
                visible: thought.row.phase === ChatModel.Reading && thought.row.progress > 0
                Layout.preferredWidth: Theme.px(100)
                value: thought.row.progress
            }
            Ribbon {
                id: ribbon
                objectName: "ribbon"
                visible: count > 1 && thought.width > Theme.px(thought.live ? 680 : 560)
                steps: thought.row.steps
                color: Theme.thought
                end: Theme.accent
                solid: Theme.highContrast
                Accessible.role: Accessible.Graphic
                Accessible.name: backtracks === 0 ? qsTr("%1 steps").arg(count) : backtracks === 1 ? qsTr("%1 steps, one backtrack").arg(count)
                               : qsTr("%1 steps, %2 backtracks").arg(count).arg(backtracks)
                HoverHandler { id: over; cursorShape: Qt.PointingHandCursor; readonly property int segment: hovered ? ribbon.segmentAt(point.position.x) : -1 }
                TapHandler {
                    gesturePolicy: TapHandler.WithinBounds
                    onTapped: (point) => {
                        const at = thought.row.transcript.openStep(thought.row.index, ribbon.segmentAt(point.position.x));
                        if (at >= 0) thought.row.actions.rowWanted(at);
                    }
                }
                ToolTip.visible: over.segment >= 0
                ToolTip.delay: 300
                ToolTip.text: over.segment >= 0 ? thought.row.transcript.stepName(ribbon.kindOf(over.segment)) : ""
            }
            MonoText {
                opacity: truncated && width < Theme.px(72) ? 0 : 1 // a figure or nothing
                Layout.leftMargin: 2
                Layout.fillWidth: true
                text: thought.row.detail
                elide: Text.ElideRight
            }
            AbstractButton {
                id: now
                objectName: "answerNow"
                visible: thought.live && thought.row.actions.chat.thinking
                implicitWidth: implicitContentWidth + 28
                implicitHeight: Theme.px(28)
                focusPolicy: Qt.TabFocus
                text: qsTr("Answer now")
                Accessible.name: text
                Accessible.description: qsTr("Ends the thought, and the answer begins")
                Accessible.role: Accessible.Button
                onClicked: thought.row.actions.chat.answerNow()
                background: Rectangle {
                    radius: Theme.radius
                    color: now.hovered || now.down ? Theme.sel : Theme.thoughtSoft
                    border.width: Theme.highContrast ? 1 : 0
                    border.color: Theme.thought
                    FocusRing { target: now; visible: now.visualFocus }
                }
                contentItem: UiText {
                    text: now.text
                    color: Theme.thought
                    font.weight: Font.Medium
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                    Accessible.ignored: true
                }
                Tip { visible: now.hovered; text: qsTr("Answer now  Ctrl Enter") }
            }
            IconButton {
                objectName: "showWholeThought"
                visible: thought.readable && (thought.live || head.hovered || activeFocus)
                implicitWidth: Theme.px(28)
                implicitHeight: Theme.px(28)
                icon_: thought.row.shown === ChatModel.Full ? "up" : "down"
                iconSize: 14
                text: thought.row.shown === ChatModel.Full ? (thought.live ? qsTr("Show the end only") : qsTr("Shut the thought")) : qsTr("Show the whole thought")
                onClicked: thought.show(thought.row.shown !== ChatModel.Full ? ChatModel.Full : thought.live ? ChatModel.Tail : ChatModel.Shut)
            }
        }
    }
    Item {
        id: body
        // A thought that is done shuts slowly enough to be seen doing so.
        property real opened: thought.tailShown ? 1 : 0
        Behavior on opened {
            enabled: thought.row.shown === ChatModel.Shut && thought.finished
            NumberAnimation { duration: Theme.slow; easing.type: Easing.OutCubic }
        }
        anchors { left: parent.left; right: parent.right; top: head.bottom }
        height: loader.item ? Math.round(((loader.item as Item).implicitHeight + 6) * opened) : 0
        clip: opened < 1
        visible: height > 0
        Loader {
            id: loader
            readonly property bool wanted: body.opened > 0
            width: parent.width
            y: 6
            // By file: see TranscriptRow.qml.
            onWantedChanged: if (wanted) setSource("ThoughtTail.qml", { row: thought.row }); else source = ""
            Component.onCompleted: if (wanted && !item) setSource("ThoughtTail.qml", { row: thought.row })
        }
        TapHandler { onDoubleTapped: thought.show(ChatModel.Full) }
    }
}
