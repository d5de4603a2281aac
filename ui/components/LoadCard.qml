import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// A model on its way into memory; stands where the answer will be. Where there is little room it leaves the stages out.
Rectangle {
    id: card
    required property ModelLoader model
    readonly property var plan: model.plan
    property real room: Infinity
    readonly property bool brief: room < head.implicitHeight + stages.implicitHeight + 44
    readonly property int now: model.status === ModelLoader.Checking ? 0 : model.stage === ModelLoader.Pipelines ? 3 : 2
    function phaseOf(stage: int): int { return now > stage ? 2 : now === stage ? 1 : 0; }
    implicitHeight: column.implicitHeight + 44
    radius: Theme.radiusLarge
    color: Theme.raised
    border.width: 1
    border.color: Theme.border
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Loading %1").arg(model.name)
    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 24; topMargin: 20 }
        spacing: 0
        ColumnLayout {
            id: head
            Layout.fillWidth: true
            spacing: 0
            RowLayout {
                Layout.fillWidth: true
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 4
                    UiText {
                        Layout.fillWidth: true
                        text: card.model.status === ModelLoader.Cancelling ? qsTr("Cancelling") : qsTr("Loading %1").arg(card.model.name)
                        color: Theme.text
                        font.family: Theme.display
                        font.pixelSize: Theme.titleSize
                        font.weight: Font.DemiBold
                        elide: Text.ElideMiddle
                    }
                    MonoText {
                        Layout.fillWidth: true
                        text: card.model.size.length > 0 ? card.model.quantization + "  ·  " + card.model.size : ""
                        elide: Text.ElideRight
                    }
                }
                PushButton {
                    Layout.alignment: Qt.AlignTop
                    Layout.rightMargin: -6
                    text: qsTr("Cancel")
                    key: card.width < Theme.px(400) ? "" : qsTr("Esc")
                    enabled: card.model.status !== ModelLoader.Cancelling
                    onClicked: card.model.cancel()
                }
            }
            Meter { Layout.fillWidth: true; Layout.topMargin: 18; implicitHeight: 8; value: card.model.progress }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: 8
                UiText { text: card.model.status === ModelLoader.Checking ? qsTr("Checking the header") : card.model.timeLeft; color: Theme.text; font.weight: Font.Medium }
                MonoText { Layout.fillWidth: true; horizontalAlignment: Text.AlignRight; wrapMode: Text.WordWrap; text: card.model.progressText }
            }
        }
        ColumnLayout {
            id: stages
            visible: !card.brief
            Layout.fillWidth: true
            spacing: 0
            Rectangle { Layout.fillWidth: true; Layout.topMargin: 14; Layout.bottomMargin: 10; implicitHeight: 1; color: Theme.border }
            LoadStage { Layout.fillWidth: true; name: qsTr("Header and tensors"); phase: card.phaseOf(0); detail: card.now > 0 ? qsTr("checked") : "" }
            LoadStage { Layout.fillWidth: true; name: qsTr("Plan"); phase: card.now > 0 ? 2 : 0; detail: card.now === 0 ? "" : card.plan.host.length > 0 ? qsTr("%1 on the GPU, %2 beside it").arg(card.plan.total).arg(card.plan.host) : qsTr("%1 on the GPU").arg(card.plan.total) }
            LoadStage { Layout.fillWidth: true; name: qsTr("Reading weights"); phase: card.phaseOf(2) }
            LoadStage { Layout.fillWidth: true; name: qsTr("Preparing kernels"); phase: card.phaseOf(3) }
        }
    }
}
