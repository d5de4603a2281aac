import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import QtQuick.Templates as T
import Ponder.Ui

// Asks before an address that a model wrote is opened in the browser.
Popup {
    id: dialog
    property string address: ""
    function ask(link: string) {
        address = link;
        open();
    }
    modal: true
    focus: true
    anchors.centerIn: parent
    width: Math.min(Theme.px(520), (parent ? parent.width : 520) - 48)
    padding: 24
    T.Overlay.modal: Rectangle { color: Theme.scrim }
    background: Rectangle { radius: Theme.radiusLarge; color: Theme.raised; border.width: Theme.softOutline; border.color: Theme.border; FloatShadow { } }
    contentItem: ColumnLayout {
        spacing: 12
        UiText { text: qsTr("Open this address in the browser?"); color: Theme.text; wrapMode: Text.WordWrap; Layout.fillWidth: true; font.pixelSize: Theme.answerSize; font.weight: Font.DemiBold }
        UiText { Layout.fillWidth: true; text: dialog.address; color: Theme.muted; wrapMode: Text.WrapAnywhere; font.family: Theme.mono }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: 8
            PushButton { text: qsTr("Cancel"); flat: true; onClicked: dialog.close() }
            PushButton {
                text: qsTr("Open")
                primary: true
                onClicked: {
                    Qt.openUrlExternally(dialog.address);
                    dialog.close();
                }
            }
        }
    }
}
