pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// What a model needs, where, and how fast it will be, before a byte of it is read. The bars follow the context at once.
Sheet {
    id: sheet
    required property Application app
    readonly property ModelLoader model: app.model
    readonly property var plan: model.plan
    readonly property bool wholly: plan.fits && plan.host.length === 0
    readonly property color role: !plan.fits ? Theme.danger : wholly ? Theme.accent : Theme.warn
    readonly property bool tight: width < Theme.px(480)
    objectName: "planSheet"
    title: model.name
    hint: model.quantization + (model.size.length > 0 ? "  ·  " + model.size : "")
    icon_: "layers"
    wide: 760
    closePolicy: Popup.CloseOnEscape
    onClosed: if (model.status === ModelLoader.Planned) model.cancel()
    onOpened: go.forceActiveFocus()
    Flickable {
        anchors.fill: parent
        implicitHeight: column.implicitHeight + 24
        contentHeight: column.implicitHeight + 24
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar { width: 6 }
        ColumnLayout {
            id: column
            x: 24
            width: parent.width - 48
            spacing: 18
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: Math.max(Theme.px(84), verdict.implicitHeight + 32)
                radius: Theme.radiusCard
                color: !sheet.plan.fits ? Theme.dangerSoft : sheet.wholly ? Theme.accentSoft : Theme.warnSoft
                border.width: Theme.softOutline
                border.color: Theme.softBorder(sheet.role)
                GridLayout {
                    id: verdict
                    anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 20 }
                    columns: width < Theme.px(360) ? 1 : 3
                    columnSpacing: 16
                    Icon { name: !sheet.plan.fits ? "warn" : sheet.wholly ? "gpu" : "ram"; size: Theme.px(22); color: sheet.role }
                    ColumnLayout {
                        Layout.fillWidth: true
                        Layout.preferredWidth: 1
                        spacing: 2
                        UiText {
                            Layout.fillWidth: true
                            text: !sheet.plan.fits ? qsTr("Does not fit") : sheet.wholly ? qsTr("Fits wholly on the GPU") : qsTr("Fits, with a part in the memory of the computer")
                            color: Theme.text
                            font.pixelSize: Theme.answerSize
                            font.weight: Font.DemiBold
                            wrapMode: Text.WordWrap
                        }
                        UiText { Layout.fillWidth: true; visible: !sheet.wholly; text: sheet.plan.verdict; color: Theme.text2; wrapMode: Text.WordWrap }
                    }
                    Row { // the number large, its unit beside it
                        visible: sheet.plan.rate.length > 0
                        spacing: 6
                        readonly property list<string> rate: sheet.plan.rate.split(" ")
                        UiText { id: number; text: "≈ " + parent.rate[0]; color: Theme.text; font.family: Theme.display; font.pixelSize: Theme.px(28); font.weight: Font.DemiBold }
                        UiText { anchors.baseline: number.baseline; text: parent.rate.slice(1).join(" "); color: Theme.muted }
                    }
                }
            }
            PlanBar {
                Layout.fillWidth: true
                icon_: "gpu"
                name: qsTr("GPU memory")
                detail: sheet.plan.device
                total: sheet.plan.total
                room: sheet.plan.roomShare
                shares: [sheet.plan.weightShare, sheet.plan.cacheShare, sheet.plan.scratchShare]
                words: [qsTr("%1 weights").arg(sheet.plan.weights), qsTr("%1 cache").arg(sheet.plan.cache), qsTr("%1 scratch").arg(sheet.plan.scratch)]
            }
            PlanBar {
                Layout.fillWidth: true
                visible: sheet.plan.host.length > 0
                icon_: "ram"
                name: qsTr("Memory of the computer")
                total: sheet.plan.host
                shares: [sheet.plan.hostShare]
                words: [qsTr("computed by the processor, which is slower")]
            }
            GridLayout {
                Layout.fillWidth: true
                columns: width < Theme.px(480) ? 1 : 3
                columnSpacing: 16
                rowSpacing: 8
                UiText { text: qsTr("Context"); color: Theme.text; font.weight: Font.Medium }
                ValueSlider { // in steps of the context's power of two
                    objectName: "contextSlider"
                    Layout.fillWidth: true
                    name: qsTr("Context")
                    from: 10
                    to: Math.max(11, Math.log2(sheet.plan.contextMost))
                    stepSize: 0.5
                    snapMode: Slider.SnapAlways
                    value: Math.log2(Math.max(1024, sheet.plan.context))
                    onMoved: again.restart()
                    Timer { id: again; interval: 80; onTriggered: sheet.model.planAgain(Math.min(sheet.plan.contextMost, Math.round(Math.pow(2, parent.value) / 256) * 256)) }
                }
                MonoText { Layout.fillWidth: sheet.tight; wrapMode: Text.WordWrap; text: qsTr("%1 tokens").arg(Number(sheet.plan.context).toLocaleString(Qt.locale(), "f", 0)) + "  ·  " + sheet.plan.cache }
                UiText { text: qsTr("Cache"); color: Theme.text; font.weight: Font.Medium }
                Segments {
                    objectName: "cacheSegments"
                    Layout.fillWidth: true
                    name: qsTr("Cache")
                    names: [qsTr("16 bits"), qsTr("8 bits")]
                    current: sheet.plan.cacheBits === 8 ? 1 : 0
                    onChosen: (index) => sheet.model.planCache(index === 1 ? 8 : 16)
                }
                UiText {
                    objectName: "cacheRefused"
                    Layout.columnSpan: parent.columns
                    Layout.fillWidth: true
                    visible: sheet.plan.cacheRefused
                    text: qsTr("8 bits cannot be had for this model on this device with this context.")
                    color: Theme.muted
                    font.pixelSize: Theme.captionSize
                    wrapMode: Text.WordWrap
                }
            }
            Rectangle { Layout.fillWidth: true; implicitHeight: 1; color: Theme.border }
            GridLayout {
                Layout.fillWidth: true
                columns: width < Theme.px(480) ? 1 : 2
                rowSpacing: 12
                RowLayout {
                    Layout.fillWidth: true
                    spacing: 10
                    Icon { name: "lock"; size: Theme.px(16); color: Theme.muted }
                    UiText {
                        Layout.fillWidth: true
                        text: sheet.plan.folder.length > 0 ? qsTr("Nothing is copied: the file stays in %1").arg(sheet.plan.folder) : qsTr("Nothing is copied.")
                        color: Theme.muted
                        wrapMode: Text.WrapAtWordBoundaryOrAnywhere
                    }
                }
                RowLayout {
                    Layout.alignment: Qt.AlignRight
                    spacing: 8
                    PushButton { flat: true; text: qsTr("Cancel"); key: sheet.tight ? "" : qsTr("Esc"); onClicked: sheet.close() }
                    PushButton {
                        id: go
                        objectName: "planLoad"
                        primary: true
                        enabled: sheet.plan.fits
                        text: qsTr("Load")
                        key: sheet.tight ? "" : qsTr("Enter")
                        onClicked: { sheet.model.load(); sheet.close(); }
                        Keys.onReturnPressed: clicked()
                        Keys.onEnterPressed: clicked()
                    }
                }
            }
        }
    }
}
