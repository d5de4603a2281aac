pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// The settings, a page at a time. They count as soon as they are changed; there is nothing to apply.
Sheet {
    id: sheet
    required property Application app
    property int page: 0
    objectName: "settingsSheet"
    title: qsTr("Settings")
    wide: 720
    tall: 620
    function turn() {
        if (view.width <= 0) return; // laid out at no width a page keeps the heights that it had then
        pages.setSource(["AppearancePage.qml", "AnswersPage.qml", "ModelPage.qml", "DataPage.qml"][page], { app: app });
        view.contentY = 0;
    }
    onPageChanged: turn()
    readonly property bool narrow: width < Theme.px(560)
    GridLayout {
        anchors.fill: parent
        columns: sheet.narrow ? 1 : 2
        rowSpacing: 12
        columnSpacing: 8
        GridLayout {
            Layout.alignment: Qt.AlignTop
            Layout.leftMargin: 16
            Layout.rightMargin: 8
            Layout.preferredWidth: sheet.narrow ? -1 : Theme.px(150)
            Layout.fillWidth: sheet.narrow
            columns: sheet.narrow ? (sheet.width < Theme.px(440) ? 2 : 4) : 1
            rowSpacing: 4
            columnSpacing: 4
            Accessible.role: Accessible.PageTabList
            Repeater {
                id: tabs
                model: [{ icon: "sun", text: qsTr("Appearance") }, { icon: "question", text: qsTr("Answers") }, { icon: "layers", text: qsTr("Model") }, { icon: "disk", text: qsTr("Data") }]
                AbstractButton {
                    id: tab
                    required property int index
                    required property var modelData
                    readonly property bool chosen: sheet.page === index
                    objectName: "settingsTab" + index
                    Layout.fillWidth: true
                    implicitWidth: words.implicitWidth + 20
                    implicitHeight: Theme.px(36)
                    text: modelData.text
                    focusPolicy: Qt.StrongFocus
                    Accessible.role: Accessible.PageTab
                    Accessible.name: text
                    Accessible.selected: chosen
                    onClicked: sheet.page = index
                    Keys.onDownPressed: { sheet.page = Math.min(3, index + 1); tabs.itemAt(sheet.page).forceActiveFocus(Qt.TabFocusReason); }
                    Keys.onUpPressed: { sheet.page = Math.max(0, index - 1); tabs.itemAt(sheet.page).forceActiveFocus(Qt.TabFocusReason); }
                    background: Rectangle {
                        radius: Theme.radius
                        color: tab.chosen ? Theme.sel : tab.hovered ? Theme.hover : "transparent"
                        border.width: Theme.highContrast && tab.chosen ? 2 : 0
                        border.color: Theme.text
                        FocusRing { target: tab; visible: tab.visualFocus }
                    }
                    RowLayout {
                        id: words
                        anchors.fill: parent
                        spacing: 8
                        Icon { Layout.leftMargin: 10; name: tab.modelData.icon; size: Theme.px(16); color: tab.chosen ? Theme.text : Theme.muted }
                        UiText { Layout.fillWidth: true; text: tab.text; color: tab.chosen ? Theme.text : Theme.text2; font.weight: tab.chosen ? Font.DemiBold : Font.Normal; elide: Text.ElideRight; Accessible.ignored: true }
                    }
                }
            }
        }
        Flickable {
            id: view
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentHeight: pages.implicitHeight + 32
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            ScrollBar.vertical: ScrollBar { width: 6 }
            onWidthChanged: if (!pages.item) sheet.turn()
            Loader {
                id: pages
                x: 16
                y: 4
                width: view.width - 40
            }
        }
    }
}
