import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.Ui

// Under an answer: what can be done with it, and what was measured.
FocusScope {
    id: footer
    required property RowData row
    property bool copied: false
    readonly property bool busy: row.actions.chat.busy
    implicitHeight: Theme.controlHeight
    function copy(what: int) {
        const chat = row.actions.chat;
        if (what === 0) chat.copyAnswer(row.index);
        else if (what === 1) chat.copyThought(row.index);
        else chat.copyBoth(row.index);
        copied = true;
        revert.restart();
    }
    Timer { id: revert; interval: 1500; onTriggered: footer.copied = false }
    Connections {
        target: footer.row
        function onReused() { footer.copied = false; }
    }
    RowLayout {
        anchors.fill: parent
        spacing: 2
        IconButton {
            objectName: "copyAnswer"
            Layout.leftMargin: -7
            icon_: footer.copied ? "check" : "copy"
            tint: footer.copied ? Theme.ok : Theme.muted
            iconSize: 16
            text: footer.copied ? qsTr("Copied") : qsTr("Copy the answer")
            onClicked: footer.copy(0)
        }
        IconButton {
            objectName: "answerAgain"
            icon_: "redo"
            iconSize: 16
            enabled: !footer.busy
            text: qsTr("Answer again")
            onClicked: footer.row.actions.chat.regenerate(footer.row.message)
        }
        IconButton {
            id: more
            objectName: "moreActions"
            icon_: "more"
            iconSize: 16
            text: qsTr("More to do with this answer")
            onClicked: footer.row.menuWanted(more)
        }
        PushButton {
            objectName: "continueAnswer"
            visible: footer.row.stopped && footer.row.last
            implicitHeight: Theme.px(28)
            Layout.leftMargin: 4
            enabled: !footer.busy
            text: qsTr("Continue")
            onClicked: footer.row.actions.chat.continueAnswer()
        }
        Rectangle {
            visible: footer.row.siblings > 1
            Layout.leftMargin: 6
            Layout.rightMargin: 2
            implicitWidth: 1
            implicitHeight: 20
            color: Theme.border
        }
        SiblingSwitch { row: footer.row }
        Item { Layout.fillWidth: true }
        AbstractButton {
            id: numbers
            objectName: "statisticsButton"
            visible: footer.row.detail.length > 0
            implicitWidth: implicitContentWidth + 12
            implicitHeight: Theme.px(28)
            Layout.fillWidth: true
            Layout.minimumWidth: Theme.px(28)
            Layout.maximumWidth: implicitWidth
            Layout.rightMargin: -6
            focusPolicy: Qt.TabFocus
            text: footer.row.detail
            Accessible.role: Accessible.Button
            Accessible.name: qsTr("Statistics: %1").arg(text)
            onClicked: footer.row.actions.statisticsWanted(footer.row.message)
            background: Rectangle {
                radius: Theme.radius
                color: numbers.hovered ? Theme.hover : "transparent"
                FocusRing { target: numbers; visible: numbers.visualFocus }
            }
            contentItem: MonoText {
                text: numbers.text
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }
    }
}
