import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import QtQuick.Templates as T
import Ponder.Ui

// A page above the window: a title, what is put into it, and a way out. It is never larger than the window; what it holds
// scrolls by itself.
Popup {
    id: sheet
    property string title: ""
    property string hint: ""
    property string icon_: "" // of what it is about, in a tile beside the title
    property int wide: 560 // at 100 %
    property int tall: 0   // at 100 %; 0: as what it holds
    default property alias body: body.data
    parent: T.Overlay.overlay
    modal: true
    focus: true
    padding: 0
    x: Math.round((parent.width - width) / 2)
    y: Math.round(Math.max(16, (parent.height - height) / 2.4))
    width: Math.min(Theme.px(wide), parent.width - 32)
    height: Math.min(tall > 0 ? Theme.px(tall) : implicitHeight, parent.height - 32)
    T.Overlay.modal: Rectangle { color: Theme.scrim }
    enter: Transition {
        NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.medium; easing.type: Easing.OutQuad }
    }
    exit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: Theme.quick } }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.raised
        border.width: Theme.softOutline
        border.color: Theme.border
        FloatShadow { }
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title
        RowLayout {
            Layout.fillWidth: true
            Layout.margins: 24
            Layout.topMargin: 20
            Layout.rightMargin: 16
            Layout.bottomMargin: 12
            spacing: 16
            Rectangle {
                visible: sheet.icon_.length > 0 && sheet.width > Theme.px(400)
                Layout.preferredWidth: Theme.px(44)
                Layout.preferredHeight: Theme.px(44)
                radius: Theme.radiusCard
                color: Theme.accentSoft
                border.width: Theme.highContrast ? 2 : 0
                border.color: Theme.accent
                Icon { anchors.centerIn: parent; name: sheet.icon_; size: Theme.px(22); color: Theme.accent }
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2
                UiText {
                    objectName: "sheetTitle"
                    Layout.fillWidth: true
                    text: sheet.title
                    color: Theme.text
                    font.family: Theme.display
                    font.pixelSize: Theme.headingSize
                    font.weight: Font.DemiBold
                    airy: false
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.Heading
                }
                UiText {
                    Layout.fillWidth: true
                    visible: text.length > 0
                    text: sheet.hint
                    color: Theme.muted
                    wrapMode: Text.WordWrap
                }
            }
            IconButton {
                objectName: "sheetClose"
                Layout.alignment: Qt.AlignTop
                icon_: "x"
                text: qsTr("Close")
                tip: qsTr("Close  Esc")
                onClicked: sheet.close()
            }
        }
        Item {
            id: body
            Layout.fillWidth: true
            Layout.fillHeight: true
            implicitHeight: children.length > 0 ? children[0].implicitHeight : 0
        }
    }
}
